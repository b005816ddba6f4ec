#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace vesto::shell {

// Turns Ctrl-C (SIGINT) into a call on a thread of its own, where taking locks is allowed. At a
// prompt the signal also interrupts read(), so the line editor notices by itself.
// At most one exists in a process, because signal handlers have no argument.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> on_interrupt);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Whether Ctrl-C was pressed since the last call.
  bool Taken() { return pressed_.exchange(false); }

 private:
  std::function<void()> on_interrupt_;
  // Set by the watching thread, read and cleared by the shell's: nothing else is published by it.
  std::atomic<bool> pressed_ = false;
  int pipe_[2] = {-1, -1};
  std::thread thread_;
};

}  // namespace vesto::shell
