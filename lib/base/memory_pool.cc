#include "base/memory_pool.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::base {

MemoryPool::~MemoryPool() {
  const int64_t left = used();
  if (left > 0 && parent_ != nullptr) parent_->Release(left);
}

bool MemoryPool::TryAdd(int64_t bytes) {
  const int64_t now = used_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  if (budget_ > 0 && now > budget_) {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  int64_t peak = peak_.load(std::memory_order_relaxed);
  while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
  }
  return true;
}

absl::Status MemoryPool::Reserve(int64_t bytes) {
  for (MemoryPool* pool = this; pool != nullptr; pool = pool->parent_) {
    if (pool->TryAdd(bytes)) continue;
    for (MemoryPool* undo = this; undo != pool; undo = undo->parent_) {
      undo->used_.fetch_sub(bytes, std::memory_order_relaxed);
    }
    return SqlError(SqlState::kOutOfMemory, "out of memory")
        .Detail(absl::StrCat("A request of ", bytes, " bytes passes the budget of ", pool->budget_,
                             " bytes of ", pool->name_, "."))
        .Hint("Give the cluster more memory, or make the statement touch less data at a time.");
  }
  return absl::OkStatus();
}

void MemoryPool::Release(int64_t bytes) {
  for (MemoryPool* pool = this; pool != nullptr; pool = pool->parent_) {
    pool->used_.fetch_sub(bytes, std::memory_order_relaxed);
  }
}

}  // namespace vesto::base
