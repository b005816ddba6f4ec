#pragma once

#include <atomic>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "base/status_macros.h"

namespace vesto::base {

// The one flag per query through which cancel requests, timeouts and first errors reach every
// step. Read once per batch. Thread-safety: thread-safe.
class Cancellation {
 public:
  // The first reason wins; later ones are dropped.
  void Cancel(absl::Status reason) {
    MutexLock lock(mutex_);
    if (!reason_.ok()) return;
    // Copies that share nothing: Debian's Abseil counts a Status's references out of
    // ThreadSanitizer's sight.
    reason_ = DeepCopy(reason);
    // Pairs with the acquire load in cancelled(): who sees the flag finds the reason set.
    cancelled_.store(true, std::memory_order_release);
  }
  bool cancelled() const { return cancelled_.load(std::memory_order_acquire); }
  // OK while nobody has cancelled.
  absl::Status status() const {
    if (!cancelled()) return absl::OkStatus();
    MutexLock lock(mutex_);
    return DeepCopy(reason_);
  }

 private:
  mutable Mutex mutex_;
  std::atomic<bool> cancelled_{false};
  absl::Status reason_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace vesto::base
