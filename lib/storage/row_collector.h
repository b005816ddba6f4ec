#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "column/batch.h"
#include "column/distinct_sketch.h"
#include "storage/row_group.h"
#include "storage/table_shard.h"

namespace vesto::storage {

// What a collector made of its rows: groups without ids yet, and what the shard learns from them.
struct CollectedRows {
  std::vector<std::shared_ptr<RowGroup>> groups;
  int64_t rows = 0;
  std::vector<ColumnBounds> bounds;
  std::vector<std::unique_ptr<column::DistinctSketch>> sketches;  // empty when groups are small
};

// Cuts a stream of batches into encoded row groups: every 65,536 rows are encoded as they come, so
// that batches, and the text of files that their strings point into, are let go at once. With
// `sort` these groups are runs, each ordered by the images of the sort keys (numbers and times
// exactly, strings by their first eight bytes, as Redshift does; NULL last), which Finish merges.
// Thread-safety: one thread at a time.
class RowCollector {
 public:
  struct Options {
    std::shared_ptr<const TableShape> shape;
    std::vector<std::shared_ptr<SharedDictionary>> dictionaries;  // per column; null = no strings
    base::MemoryPool* pool = nullptr;
    bool sort = false;
  };
  explicit RowCollector(Options options);

  absl::Status Add(const column::Batch& batch);
  absl::StatusOr<CollectedRows> Finish();

 private:
  // A row among the pending batches: batch << 16 | position.
  using Place = uint32_t;
  struct Span {
    int batch = 0, begin = 0, count = 0;
  };

  absl::Status Collect(column::Batch batch);
  // Encodes the next row group of pending rows.
  absl::Status EncodePending();
  // Encodes one group of the rows at `places`, or of `spans_` when it is empty.
  absl::Status EncodeGroup(std::span<const Place> places, int rows);
  // The rows of `spans_` in sort key order; empty when they already are.
  std::vector<Place> SortedPlaces(int rows) const;
  template <typename T>
  void GatherValues(int column, std::span<const Place> places, T* out) const;
  bool GatherNulls(int column, std::span<const Place> places, int rows);

  Options options_;
  std::vector<column::Batch> batches_;
  int64_t pending_rows_ = 0;   // in batches_, not encoded
  int first_row_ = 0;          // of batches_[0], the first one not encoded
  bool last_is_open_ = false;  // the last batch is our own copy with room
  base::MemoryCharge charge_;  // of batches_
  CollectedRows result_;
  std::vector<Span> spans_;
  std::shared_ptr<uint8_t[]> values_;  // scratch of one column, for values_rows_ rows
  int values_rows_ = 0;
  std::vector<uint8_t> nulls_;
};

// Joins what another part of the rows brought to `bounds`.
void ExtendBounds(const ColumnBlock& block, ColumnBounds* bounds);
void MergeBounds(const ColumnBounds& from, ColumnBounds* into);

}  // namespace vesto::storage
