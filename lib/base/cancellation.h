#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "base/status_macros.h"

namespace vesto::base {

// The one flag per query through which cancel requests, timeouts and first errors reach every
// step. Read once per batch, and by CancellationPoll within long work. Thread-safety: thread-safe.
class Cancellation {
 public:
  using Clock = std::chrono::steady_clock;

  // The first reason wins; later ones are dropped.
  void Cancel(absl::Status reason) {
    MutexLock lock(mutex_);
    if (!reason_.ok()) return;
    // Copies that share nothing: Debian's Abseil counts a Status's references out of
    // ThreadSanitizer's sight.
    reason_ = DeepCopy(Expired() ? late_ : reason);
    // Pairs with the acquire load in cancelled(): who sees the flag finds the reason set.
    cancelled_.store(true, std::memory_order_release);
  }
  // From `deadline` on it is cancelled with `reason`, without anybody's doing: whoever looks sees
  // it, on whichever thread the work is. Once at most.
  void CancelAt(Clock::time_point deadline, absl::Status reason) {
    MutexLock lock(mutex_);
    late_ = DeepCopy(reason);
    // Pairs with the acquire load in Expired(), as above.
    deadline_.store(deadline.time_since_epoch().count(), std::memory_order_release);
  }
  bool cancelled() const { return cancelled_.load(std::memory_order_acquire) || Expired(); }
  // OK while nobody has cancelled.
  absl::Status status() const {
    if (!cancelled()) return absl::OkStatus();
    MutexLock lock(mutex_);
    return DeepCopy(reason_.ok() ? late_ : reason_);
  }

 private:
  static constexpr Clock::rep kNever = 0;
  bool Expired() const {
    const Clock::rep deadline = deadline_.load(std::memory_order_acquire);
    return deadline != kNever && Clock::now().time_since_epoch().count() >= deadline;
  }

  mutable Mutex mutex_;
  std::atomic<bool> cancelled_{false};
  std::atomic<Clock::rep> deadline_{kNever};
  absl::Status reason_ ABSL_GUARDED_BY(mutex_);
  absl::Status late_ ABSL_GUARDED_BY(mutex_);
};

// A loop's looks at a cancellation: it says how much it has done, and about once in a millisecond
// that becomes a look. One per loop and thread.
//
//   CancellationPoll poll(call.context.cancellation);
//   for (...) VESTO_RETURN_IF_ERROR(poll.After(bytes_read));
class CancellationPoll {
 public:
  // Null: there is nobody who could cancel. `cancellation` must outlive this.
  explicit CancellationPoll(const Cancellation* cancellation) : cancellation_(cancellation) {}

  // `steps` of about a nanosecond: bytes read, comparisons made.
  absl::Status After(uint64_t steps) {
    done_ += steps;
    if (done_ < kStepsPerLook) return absl::OkStatus();
    done_ = 0;
    return cancellation_ == nullptr ? absl::OkStatus() : cancellation_->status();
  }

 private:
  static constexpr uint64_t kStepsPerLook = 1 << 20;

  const Cancellation* const cancellation_;
  uint64_t done_ = 0;
};

}  // namespace vesto::base
