#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/mutex.h"
#include "column/vector.h"

namespace vesto::storage {

// The append-only dictionary of one string column of one shard: codes of all row groups compare.
// Entries are never changed or removed, not even those of aborted transactions, so a newer snapshot
// of the dictionary serves every older block.
// Thread-safety: thread-safe.
class SharedDictionary {
 public:
  static constexpr int kMaxEntries = 65536;

  explicit SharedDictionary(bool case_insensitive = false);

  // Codes of `strings` (those with nulls[i] != 0 get 0), adding what is new. False, with nothing
  // added, when more than `max_new` entries would be new or the dictionary would overflow.
  bool Encode(std::span<const column::StringRef> strings, const uint8_t* nulls, int max_new,
              uint16_t* codes, std::vector<uint64_t>* new_hashes);

  // The entries so far. The same object until entries are added.
  std::shared_ptr<const column::Dictionary> Snapshot();
  int size() const;
  int64_t bytes() const;

 private:
  struct Published;
  int FindOrAdd(column::StringRef text, uint64_t hash, int limit, bool* added)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Grow() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable base::Mutex mutex_;
  std::vector<column::StringRef> entries_ ABSL_GUARDED_BY(mutex_);
  std::vector<uint64_t> hashes_ ABSL_GUARDED_BY(mutex_);
  std::vector<uint32_t> slots_ ABSL_GUARDED_BY(mutex_);  // code + 1; 0 = free
  std::shared_ptr<column::StringHeap> heap_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const column::Dictionary> published_ ABSL_GUARDED_BY(mutex_);
  bool distinct_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace vesto::storage
