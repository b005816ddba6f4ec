#include "wire/session_threads.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace vesto::wire {
namespace {

constexpr auto kIdleTime = std::chrono::seconds(5);

}  // namespace

SessionThreads::~SessionThreads() {
  std::vector<std::thread> threads;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    work_.notify_all();
  }
  while (true) {
    // Threads move from one list to the other as they end: join until both are empty.
    {
      std::lock_guard<std::mutex> lock(mutex_);
      threads.swap(threads_);
      std::move(ended_.begin(), ended_.end(), std::back_inserter(threads));
      ended_.clear();
    }
    if (threads.empty()) return;
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }
}

void SessionThreads::Post(std::function<void()> task) {
  std::unique_lock<std::mutex> lock(mutex_);
  tasks_.push_back(std::move(task));
  if (idle_ >= static_cast<int>(tasks_.size()) ||
      static_cast<int>(threads_.size()) >= threads_max_) {
    work_.notify_one();
    return;
  }
  try {
    threads_.emplace_back([this] { Run(); });
  } catch (const std::system_error&) {
    // The host has no more threads: those that there are will get to it.
    if (threads_.empty()) {
      tasks_.pop_back();
      throw;
    }
  }
  std::vector<std::thread> ended;
  ended.swap(ended_);
  lock.unlock();
  for (std::thread& thread : ended) thread.join();
}

void SessionThreads::Run() {
  // A client that goes away while TLS writes to it must not end the host's process.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);

  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    ++idle_;
    work_.wait_for(lock, kIdleTime, [this] { return stopping_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) break;  // no work for long, or none is left at the end
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
  const auto self = std::find_if(threads_.begin(), threads_.end(), [](const std::thread& thread) {
    return thread.get_id() == std::this_thread::get_id();
  });
  if (self != threads_.end()) {  // else the destructor has it
    ended_.push_back(std::move(*self));
    threads_.erase(self);
  }
}

}  // namespace vesto::wire
