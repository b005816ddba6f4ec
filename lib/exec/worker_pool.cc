#include "exec/worker_pool.h"

#include <algorithm>

namespace vesto::exec {

WorkerPool::~WorkerPool() {
  std::vector<std::thread> threads;
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
    wake_.NotifyAll();
  }
  for (std::thread& thread : threads) thread.join();
}

void WorkerPool::Add(std::shared_ptr<Workload> workload) {
  if (num_threads_ == 0) return;
  base::MutexLock lock(mutex_);
  workloads_.push_back(std::move(workload));
  ++epoch_;
  while (static_cast<int>(threads_.size()) < num_threads_) {
    threads_.emplace_back([this] { Run(); });
  }
  wake_.NotifyAll();
}

void WorkerPool::Remove(const Workload* workload) {
  base::MutexLock lock(mutex_);
  std::erase_if(workloads_, [workload](const auto& held) { return held.get() == workload; });
}

void WorkerPool::Notify() {
  ++epoch_;
  if (idle_ == 0) return;
  base::MutexLock lock(mutex_);
  wake_.NotifyAll();
}

void WorkerPool::Run() {
  while (true) {
    std::vector<std::shared_ptr<Workload>> workloads;
    uint64_t seen;
    {
      base::MutexLock lock(mutex_);
      if (stopping_) return;
      seen = epoch_;
      // Each worker begins at another query, so that all of them move.
      for (size_t i = 0; i < workloads_.size(); ++i) {
        workloads.push_back(workloads_[(next_ + i) % workloads_.size()]);
      }
      ++next_;
    }
    bool worked = false;
    for (const auto& workload : workloads) worked |= workload->WorkOnce();
    if (worked) continue;
    base::MutexLock lock(mutex_);
    if (stopping_) return;
    ++idle_;
    if (epoch_ == seen) wake_.Wait(mutex_);
    --idle_;
  }
}

}  // namespace vesto::exec
