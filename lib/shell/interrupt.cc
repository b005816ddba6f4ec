#include "shell/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace vesto::shell {
namespace {

// The one mutable static of the shell: a handler can reach nothing else. Lock-free, as handlers need.
std::atomic<int> signal_pipe = -1;

void OnSignal(int) {
  const int saved = errno;
  const char byte = 'c';
  const int fd = signal_pipe.load();
  if (fd >= 0) {
    [[maybe_unused]] const ssize_t ignored = write(fd, &byte, 1);
  }
  errno = saved;
}

}  // namespace

Interrupt::Interrupt(std::function<void()> on_interrupt) : on_interrupt_(std::move(on_interrupt)) {
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0 || pipe2(pipe_, O_CLOEXEC) != 0) return;
  signal_pipe = pipe_[1];
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a pager that ends early is no reason to die
  thread_ = std::thread([this] {
    char byte = 0;
    while (true) {
      const ssize_t got = read(pipe_[0], &byte, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0 || byte == 'q') return;
      pressed_ = true;
      const uint64_t one = 1;
      [[maybe_unused]] const ssize_t ignored = write(wake_, &one, sizeof one);
      on_interrupt_();
    }
  });
}

bool Interrupt::Taken() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t ignored = read(wake_, &count, sizeof count);
  return pressed_.exchange(false);
}

Interrupt::~Interrupt() {
  if (!thread_.joinable()) {
    if (wake_ >= 0) close(wake_);
    return;
  }
  signal(SIGINT, SIG_DFL);
  signal_pipe = -1;
  const char quit = 'q';
  [[maybe_unused]] const ssize_t ignored = write(pipe_[1], &quit, 1);
  thread_.join();
  close(pipe_[0]);
  close(pipe_[1]);
  close(wake_);
}

}  // namespace vesto::shell
