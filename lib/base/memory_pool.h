#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace vesto::base {

// One level of the memory tree cluster -> node -> slice -> query -> step: a counter with a budget.
// What is charged: operator state (hash tables, runs, collected batches, results) and storage.
// Not charged: the few batches in flight between steps, which the plan's shape bounds.
//
// A charge climbs to the root; the first pool whose budget it would pass refuses it, with 53200.
// Thread-safety: thread-safe. A parent outlives its children.
class MemoryPool {
 public:
  // `budget_bytes` 0 = no limit of its own.
  MemoryPool(std::string name, int64_t budget_bytes, MemoryPool* parent = nullptr)
      : name_(std::move(name)), budget_(budget_bytes), parent_(parent) {}
  ~MemoryPool();
  MemoryPool(const MemoryPool&) = delete;
  MemoryPool& operator=(const MemoryPool&) = delete;

  absl::Status Reserve(int64_t bytes);
  void Release(int64_t bytes);

  int64_t used() const { return used_.load(std::memory_order_relaxed); }
  int64_t peak() const { return peak_.load(std::memory_order_relaxed); }
  int64_t budget() const { return budget_; }
  const std::string& name() const { return name_; }

 private:
  bool TryAdd(int64_t bytes);

  const std::string name_;
  const int64_t budget_;
  MemoryPool* const parent_;
  // Counters only: nothing is published through them, so relaxed order suffices.
  std::atomic<int64_t> used_{0};
  std::atomic<int64_t> peak_{0};
};

// A charge that is given back when it goes out of scope.
class MemoryCharge {
 public:
  explicit MemoryCharge(MemoryPool* pool = nullptr) : pool_(pool) {}
  ~MemoryCharge() { Clear(); }
  MemoryCharge(MemoryCharge&& other) noexcept : pool_(other.pool_), bytes_(other.bytes_) {
    other.bytes_ = 0;
  }
  MemoryCharge& operator=(MemoryCharge&& other) noexcept {
    if (this != &other) {
      Clear();
      pool_ = other.pool_;
      bytes_ = other.bytes_;
      other.bytes_ = 0;
    }
    return *this;
  }

  absl::Status Grow(int64_t bytes) {
    if (pool_ != nullptr) {
      if (absl::Status status = pool_->Reserve(bytes); !status.ok()) return status;
    }
    bytes_ += bytes;
    return absl::OkStatus();
  }
  void Clear() {
    if (pool_ != nullptr && bytes_ > 0) pool_->Release(bytes_);
    bytes_ = 0;
  }
  int64_t bytes() const { return bytes_; }

 private:
  MemoryPool* pool_;
  int64_t bytes_ = 0;
};

}  // namespace vesto::base
