#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace vesto::exec {

// Something that workers can help with: a running query.
class Workload {
 public:
  virtual ~Workload() = default;
  // Does one turn of work on a worker's thread. False when there is nothing to do just now.
  virtual bool WorkOnce() = 0;
};

// The worker threads of a cluster. They start with the first work that is worth one and help running
// queries beside the session threads that own them.
// Thread-safety: thread-safe.
class WorkerPool {
 public:
  // `num_threads` 0: session threads do all the work.
  explicit WorkerPool(int num_threads) : num_threads_(num_threads) {}
  ~WorkerPool();

  int num_threads() const { return num_threads_; }

  // Asks the workers to help until Remove.
  void Add(std::shared_ptr<Workload> workload);
  void Remove(const Workload* workload);
  // There is new work in some workload. Costs one atomic read while all workers are busy.
  void Notify();

 private:
  void Run();

  const int num_threads_;
  base::Mutex mutex_;
  base::CondVar wake_;
  std::vector<std::shared_ptr<Workload>> workloads_ ABSL_GUARDED_BY(mutex_);
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  std::atomic<uint64_t> epoch_{0};
  // Workers about to sleep or asleep. Sequentially consistent with epoch_: a worker that does not see
  // the new epoch is seen here.
  std::atomic<int> idle_{0};
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace vesto::exec
