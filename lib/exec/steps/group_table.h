#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "column/batch.h"
#include "exec/steps/key_batch.h"

namespace vesto::exec {

// A hash table of distinct keys with a payload each: groups, distinct rows.
//
// A group is one row of contiguous bytes that never moves:
//   hash (8) | NULL byte per key, padded to 8 | keys (8 or 16 each) | payload
// Slots are 8 bytes, a 16-bit salt of the hash above a 48-bit row address, probed linearly
// (performance.md §6). NULLs are equal. Strings are kept as they first came, and compared in their
// comparison form; folded keys keep both forms.
// Thread-safety: one slice only; immutable once filled.
class GroupTable {
 public:
  // `payload_alignment`: 8 or 16.
  GroupTable(std::vector<KeyForm> forms, size_t payload_bytes, size_t payload_alignment,
             base::MemoryPool* memory);
  ~GroupTable();
  GroupTable(const GroupTable&) = delete;
  GroupTable& operator=(const GroupTable&) = delete;

  // groups[i] becomes the row of the group of row i. A new group's payload is zero; its position is
  // added to `inserted` (may be null).
  absl::Status FindOrInsert(KeyBatch& keys, uint8_t** groups,
                            std::vector<column::Position>* inserted);
  // The same for one row of the batch.
  absl::StatusOr<uint8_t*> FindOrInsertRow(KeyBatch& keys, int row, bool* inserted);
  // Makes a new group of every row without looking for equal ones. Afterwards nothing can be found.
  absl::Status AppendAll(KeyBatch& keys, uint8_t** groups);

  int64_t size() const { return size_; }
  uint8_t* row(int64_t i) const {
    return chunks_[i >> chunk_shift_].get() + (i & chunk_mask_) * row_bytes_;
  }
  size_t payload_offset() const { return payload_offset_; }
  // Key `k` of groups [first, first + count) as a flat vector. Strings pin the heap, not the table.
  column::Vector KeyVector(int k, const Type& type, int64_t first, int count) const;
  bool IsNull(const uint8_t* row, int k) const { return row[8 + k] != 0; }

 private:
  uint8_t* NewRow(const KeyBatch& keys, int i, uint64_t hash);
  bool KeyEquals(const uint8_t* row, const KeyBatch& keys, int i) const;
  absl::Status Prepare(int64_t new_groups);
  void Rehash(size_t slots);
  absl::Status ChargeRows();

  std::vector<KeyForm> forms_;
  std::vector<size_t> key_offsets_;
  std::vector<size_t> original_offsets_;  // 0 unless the key folds
  size_t payload_offset_, row_bytes_;
  int chunk_shift_;
  int64_t chunk_mask_;
  bool single_int_;
  struct FreeDeleter {
    void operator()(uint8_t* p) const;
  };
  std::vector<std::unique_ptr<uint8_t[], FreeDeleter>> chunks_;
  std::unique_ptr<uint64_t[]> slots_;
  size_t slot_mask_ = 0;
  int64_t size_ = 0;
  std::shared_ptr<column::StringHeap> heap_ = std::make_shared<column::StringHeap>();
  int64_t rows_charged_ = 0;  // chunks and heap
  base::MemoryCharge charge_;
  std::vector<uint32_t> positions_;  // scratch of FindOrInsert
  std::vector<column::Position> active_, compare_;
};

}  // namespace vesto::exec
