#include "shell/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
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
  if (pipe2(pipe_, O_CLOEXEC) != 0) return;
  signal_pipe = pipe_[1];
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;  // no SA_RESTART: read() at the prompt must return
  sigaction(SIGINT, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a pager that ends early is no reason to die
  thread_ = std::thread([this] {
    char byte = 0;
    while (true) {
      const ssize_t got = read(pipe_[0], &byte, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0 || byte == 'q') return;
      pressed_ = true;
      on_interrupt_();
    }
  });
}

Interrupt::~Interrupt() {
  if (!thread_.joinable()) return;
  signal(SIGINT, SIG_DFL);
  signal_pipe = -1;
  const char quit = 'q';
  [[maybe_unused]] const ssize_t ignored = write(pipe_[1], &quit, 1);
  thread_.join();
  close(pipe_[0]);
  close(pipe_[1]);
}

}  // namespace vesto::shell
