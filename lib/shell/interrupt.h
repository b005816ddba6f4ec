#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace vesto::shell {

// Turns Ctrl-C (SIGINT) into a call on a thread of its own, where taking locks is allowed, and into a
// readable descriptor, for a prompt that waits for input (a signal alone can come just before read()).
// At most one exists in a process, because signal handlers have no argument.
class Interrupt {
 public:
  explicit Interrupt(std::function<void()> on_interrupt);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Whether Ctrl-C was pressed since the last call.
  // It also empties the descriptor.
  bool Taken();
  // Readable after Ctrl-C until Taken().
  int descriptor() const { return wake_; }

 private:
  std::function<void()> on_interrupt_;
  // Set by the watching thread, read and cleared by the shell's: nothing else is published by it.
  std::atomic<bool> pressed_ = false;
  int pipe_[2] = {-1, -1};
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace vesto::shell
