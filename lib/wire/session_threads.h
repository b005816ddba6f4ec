#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace vesto::wire {

// Where session threads find work besides what is posted to them.
class WorkSource {
 public:
  virtual ~WorkSource() = default;
  // Something to serve; nullopt when there was nothing within the time.
  virtual std::optional<uint64_t> Take(int wait_ms) = 0;
  virtual void Serve(uint64_t work) = 0;
};

// The threads that clients are served on: they alone may wait for a lock or for a client. A posted
// task takes an idle thread or a new one up to `threads_max`; beyond that it waits its turn. A thread
// without work for `idle_time` ends; the one that rested last is called first, so that those that a
// burst has left do end while there is a little to do.
//
// Work of the source is taken by as many threads as there are cores, which go from one piece to the
// next without sleep: many small statements keep their caches warm and change no threads. A thread
// whose piece takes long (a query, a lock, a slow client) no longer counts as one of them, and
// Recruit sends another.
// Thread-safety: thread-safe.
class SessionThreads {
 public:
  explicit SessionThreads(int threads_max, WorkSource* source = nullptr,
                          std::chrono::milliseconds idle_time = std::chrono::seconds(5));
  ~SessionThreads();  // runs what was posted, then joins

  void Post(std::function<void()> task);
  // The source has had work for a moment: sees to it that a thread takes it. To be called again, not
  // more often than about once a millisecond, as long as there is work.
  void Recruit();
  int num_threads() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Worker {
    std::thread thread;
    std::optional<Clock::time_point> busy_since;
    std::condition_variable wake;
    bool called = false;  // from its rest
  };

  void Run(std::list<Worker>::iterator self);
  // Called with the mutex held.
  void AddThread();
  void CallOne();  // of those that rest
  bool MayTake() const;
  void JoinEnded(std::unique_lock<std::mutex>& lock);

  const int threads_max_;
  const int takers_max_;
  WorkSource* const source_;
  const std::chrono::milliseconds idle_time_;
  mutable std::mutex mutex_;
  std::condition_variable thread_ended_;
  std::deque<std::function<void()>> tasks_;
  std::list<Worker> workers_, ended_;  // ended: to be joined
  std::vector<Worker*> resting_;  // that nobody has called yet, the last to rest at the end
  int taking_ = 0;    // waiting for the source
  int recruits_ = 0;  // threads that were called to the source
  bool stopping_ = false;
};

}  // namespace vesto::wire
