#include "wire/session_threads.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace vesto::wire {
namespace {

// How long a thread waits for the source before it sleeps.
constexpr int kTakeMs = 10;
// Who works longer on one piece does not count among those who go from piece to piece.
constexpr auto kLongWork = std::chrono::milliseconds(2);

}  // namespace

SessionThreads::SessionThreads(int threads_max, WorkSource* source,
                               std::chrono::milliseconds idle_time)
    : threads_max_(threads_max),
      takers_max_(std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
      source_(source),
      idle_time_(idle_time) {}

SessionThreads::~SessionThreads() {
  std::unique_lock<std::mutex> lock(mutex_);
  stopping_ = true;
  for (Worker& worker : workers_) worker.wake.notify_one();
  // Threads move from one list to the other as they end: join until both are empty.
  while (!workers_.empty() || !ended_.empty()) {
    JoinEnded(lock);
    if (!workers_.empty()) thread_ended_.wait_for(lock, std::chrono::milliseconds(kTakeMs));
  }
}

void SessionThreads::JoinEnded(std::unique_lock<std::mutex>& lock) {
  std::list<Worker> ended;
  ended.swap(ended_);
  lock.unlock();
  for (Worker& worker : ended) worker.thread.join();
  lock.lock();
}

void SessionThreads::AddThread() {
  workers_.emplace_back();
  const auto self = std::prev(workers_.end());
  try {
    self->thread = std::thread([this, self] { Run(self); });
  } catch (const std::system_error&) {
    workers_.erase(self);
    throw;
  }
}

void SessionThreads::CallOne() {
  Worker* const worker = resting_.back();
  resting_.pop_back();
  worker->called = true;
  worker->wake.notify_one();
}

int SessionThreads::num_threads() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int>(workers_.size());
}

void SessionThreads::Post(std::function<void()> task) {
  std::unique_lock<std::mutex> lock(mutex_);
  tasks_.push_back(std::move(task));
  if (!resting_.empty()) return CallOne();
  if (static_cast<int>(workers_.size()) >= threads_max_) return;  // who is free next takes it
  try {
    AddThread();
  } catch (const std::system_error&) {
    // The host has no more threads: those that there are will get to it.
    if (workers_.empty()) {
      tasks_.pop_back();
      throw;
    }
  }
  JoinEnded(lock);
}

bool SessionThreads::MayTake() const {
  const Clock::time_point long_ago = Clock::now() - kLongWork;
  int takers = taking_;
  for (const Worker& worker : workers_) {
    if (worker.busy_since.has_value() && *worker.busy_since > long_ago) ++takers;
  }
  return takers < takers_max_;
}

void SessionThreads::Recruit() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (taking_ > 0 || recruits_ > 0 || !MayTake()) return;
  if (!resting_.empty()) {
    ++recruits_;
    return CallOne();
  }
  if (static_cast<int>(workers_.size()) >= threads_max_) return;
  ++recruits_;
  try {
    AddThread();
  } catch (const std::system_error&) {
    --recruits_;  // the next call may have more luck
  }
  JoinEnded(lock);
}

void SessionThreads::Run(std::list<Worker>::iterator self) {
  // A client that goes away while TLS writes to it must not end the host's process.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);

  std::unique_lock<std::mutex> lock(mutex_);
  bool rested = true;  // just begun or woken: nothing says that the source has more
  while (true) {
    if (!tasks_.empty()) {
      std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      self->busy_since = Clock::now();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
      self->busy_since.reset();
      rested = false;
      continue;
    }
    if (stopping_) break;
    const bool recruited = rested && recruits_ > 0;
    if (recruited) --recruits_;
    if (source_ != nullptr && (recruited || !rested) && MayTake()) {
      ++taking_;
      lock.unlock();
      const std::optional<uint64_t> work = source_->Take(kTakeMs);
      lock.lock();
      --taking_;
      if (work.has_value()) {
        self->busy_since = Clock::now();
        lock.unlock();
        source_->Serve(*work);
        lock.lock();
        self->busy_since.reset();
        rested = false;
        continue;
      }
    }
    rested = true;
    if (!tasks_.empty() || recruits_ > 0 || stopping_) continue;  // since it looked
    self->called = false;
    resting_.push_back(&*self);
    if (!self->wake.wait_for(lock, idle_time_, [&] { return stopping_ || self->called; })) {
      std::erase(resting_, &*self);
      break;
    }
  }
  ended_.splice(ended_.end(), workers_, self);
  thread_ended_.notify_all();
}

}  // namespace vesto::wire
