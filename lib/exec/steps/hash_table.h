#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "column/membership.h"
#include "exec/step.h"
#include "exec/steps/key_batch.h"
#include "exec/steps/row_store.h"

namespace vesto::exec {

// Key columns of build rows in comparison form, contiguous.
class KeyStore {
 public:
  KeyStore(std::vector<KeyForm> forms, base::MemoryPool* memory);

  // Rows at `positions` (empty: all).
  absl::Status Append(const KeyBatch& keys, std::span<const column::Position> positions);

  int64_t rows() const { return rows_; }
  template <typename T>
  const T* data(int k) const {
    return reinterpret_cast<const T*>(columns_[k].data());
  }
  // Null when key k has no NULL.
  const uint8_t* nulls(int k) const { return nulls_[k].data(); }
  const std::vector<KeyForm>& forms() const { return forms_; }

  // As RowStore: one thread makes room for the rows of `parts`, then each part is copied once.
  absl::Status PrepareConcat(const std::vector<KeyStore*>& parts);
  void CopyPart(KeyStore& part, int64_t begin);
  void Free();

 private:
  std::vector<KeyForm> forms_;
  int64_t rows_ = 0, capacity_ = 0;
  std::vector<GrowingBuffer> columns_, nulls_;
  std::shared_ptr<column::StringHeap> heap_;
  std::vector<std::shared_ptr<column::StringHeap>> part_heaps_;
  base::MemoryCharge charge_;
  int64_t heap_charged_ = 0;
};

// The rows that one sink collects.
struct BuildPart {
  BuildPart(const physical::HashBuildSpec& spec, std::vector<KeyForm> forms,
            base::MemoryPool* memory);

  std::shared_ptr<RowStore> payload;  // null when only keys are wanted
  KeyStore keys;
  std::vector<uint64_t> hashes;    // by row; empty for one key of the integer family
  std::vector<uint32_t> null_rows;  // rows with a NULL key: kept, but not in the table
  int64_t rows = 0;
  int64_t min = INT64_MAX, max = INT64_MIN;  // one integer key
  bool any_null = false;  // a NULL key was seen, kept or not
  // Rows in order of their partition: partition p is order[begins[p], begins[p + 1]).
  std::vector<uint32_t> order, begins;
  uint32_t first_row = 0;  // in the table
  base::MemoryCharge charge;
};

// One hash table, built by one sink or by several together.
//
// Three kinds (performance.md §7):
//   bitmap   one integer key of a small range and no payload: a bit per key;
//   dense    one integer key of a small range: the first row by key - min, more rows of the same key
//            chained;
//   hashed   directory of (tuple offset << 16 | 16-bit Bloom tag), one entry per range of hashes, over
//            contiguous (key or hash, row) tuples [Birler et al., DaMoN 2024].
//
// Phases, for n sinks; no locks are held while working:
//   1. every sink delivers its part; the last one plans: kind, sizes, memory;
//   2. every sink copies its rows into the common arrays and partitions its row numbers by key;
//   3. every sink builds its partition from the row numbers of all parts.
class JoinTable {
 public:
  enum class Kind : uint8_t { kEmpty, kBitmap, kDense, kHashed };

  JoinTable(const physical::HashBuildSpec& spec, QueryContext* query, int num_parts);

  // Phase 1.
  absl::Status Deliver(int part, std::unique_ptr<BuildPart> rows);
  bool planned() const { return planned_.load(std::memory_order_acquire); }
  // Phase 2.
  absl::Status Place(int part);
  bool placed() const { return placed_.load(std::memory_order_acquire); }
  // Phase 3.
  absl::Status Build(int part);
  // All parts are built: a sink of the next round begins anew.
  bool complete() const { return built_.load(std::memory_order_acquire) == num_parts_; }

  // --- The finished table ---
  Kind kind() const { return kind_; }
  // Rows in the table, and all rows kept (with NULL keys).
  int64_t table_rows() const { return table_rows_; }
  int64_t rows() const { return rows_; }
  bool any_null() const { return any_null_; }
  bool unique() const { return !duplicates_.load(std::memory_order_relaxed); }
  const std::vector<KeyForm>& forms() const { return forms_; }
  bool single_int() const { return forms_.size() == 1 && forms_[0].kind == KeyKind::kInt; }
  const RowStore* payload() const { return payload_.get(); }
  // Keys by row; not for one integer key.
  const KeyStore& keys() const { return *keys_; }
  const std::vector<uint32_t>& null_rows() const { return null_rows_; }

  int64_t min() const { return min_; }
  uint64_t range() const { return range_; }  // max - min
  const uint64_t* bitmap() const { return bitmap_->data(); }
  const uint32_t* heads() const { return reinterpret_cast<const uint32_t*>(heads_.data()); }
  const uint32_t* next() const { return reinterpret_cast<const uint32_t*>(next_.data()); }

  static uint16_t TagOf(uint64_t hash) {
    return static_cast<uint16_t>((1u << (hash & 15)) | (1u << ((hash >> 4) & 15)));
  }
  int hash_shift() const { return hash_shift_; }
  // Entry i + 1 ends range i; entry 0 is zero. The tag lies in the entry of the range itself.
  const uint64_t* directory() const { return reinterpret_cast<const uint64_t*>(directory_.data()); }
  const uint32_t* tuple_rows() const { return reinterpret_cast<const uint32_t*>(tuple_rows_.data()); }
  const int64_t* tuple_keys() const { return reinterpret_cast<const int64_t*>(tuple_keys_.data()); }
  const uint32_t* tuple_hashes() const {
    return reinterpret_cast<const uint32_t*>(tuple_hashes_.data());
  }
  static uint32_t TupleHash(uint64_t hash) { return static_cast<uint32_t>(hash >> 8); }

  uint8_t* matched() { return matched_.data(); }

  // The keys, for JoinFilter.
  void AppendIntKeys(std::vector<int64_t>* keys) const;
  std::shared_ptr<const std::vector<uint64_t>> shared_bitmap() const { return bitmap_; }

 private:
  absl::Status Plan();
  int PartitionOf(int64_t key) const;
  int PartitionOfHash(uint64_t hash) const;
  void BuildDense(int partition);
  void BuildHashed(int partition);

  const physical::HashBuildSpec& spec_;
  QueryContext* const query_;
  const int num_parts_;
  std::vector<KeyForm> forms_;

  base::Mutex mutex_;
  int delivered_ ABSL_GUARDED_BY(mutex_) = 0;
  int done_placing_ ABSL_GUARDED_BY(mutex_) = 0;
  // Release stores under the mutex by the last sink of a phase; acquire loads by the others.
  std::atomic<bool> planned_{false}, placed_{false};
  std::atomic<int> built_{0};

  std::vector<std::unique_ptr<BuildPart>> parts_;
  Kind kind_ = Kind::kEmpty;
  int64_t table_rows_ = 0, rows_ = 0;
  bool any_null_ = false;
  std::atomic<bool> duplicates_{false};  // relaxed: read after the stream has ended
  std::shared_ptr<RowStore> payload_;
  std::unique_ptr<KeyStore> keys_;
  std::vector<uint32_t> null_rows_;
  int64_t min_ = 0;
  uint64_t range_ = 0;
  std::shared_ptr<std::vector<uint64_t>> bitmap_;
  GrowingBuffer heads_, next_, directory_, tuple_rows_, tuple_keys_, tuple_hashes_, matched_;
  int hash_shift_ = 0, directory_bits_ = 0;
  base::MemoryCharge charge_;
};

}  // namespace vesto::exec
