#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace vesto::wire {

// The threads that statements of remote sessions run on: they alone may wait for a lock or for a
// client. A task takes an idle thread or a new one up to `threads_max`; beyond that it waits its
// turn. A thread without work for a few seconds ends.
// Thread-safety: thread-safe.
class SessionThreads {
 public:
  explicit SessionThreads(int threads_max) : threads_max_(threads_max) {}
  ~SessionThreads();  // runs what was posted, then joins

  void Post(std::function<void()> task);

 private:
  void Run();

  const int threads_max_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> ended_;  // finished, to be joined
  std::vector<std::thread> threads_;
  int idle_ = 0;
  bool stopping_ = false;
};

}  // namespace vesto::wire
