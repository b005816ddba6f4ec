#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "column/batch.h"
#include "column/predicate.h"
#include "storage/table_shard.h"

namespace vesto::storage {

struct ScanOptions {
  struct Output {
    int column = 0;  // of the table
    // kInt64 or kInt128 for DECIMAL as the plan proved it; else the type's default form.
    types::PhysicalType physical = types::PhysicalType::kInt32;
  };
  std::vector<Output> outputs;
  std::vector<column::ColumnPredicate> predicates;  // all must hold
  // Adds a last BIGINT column: row group << 16 | row, good for TableShard::Delete in this
  // statement.
  bool emits_row_id = false;
};

// What readers counted; for STL_SCAN, SVL_QUERY_SUMMARY and WLM rules.
struct ScanCounters {
  int64_t rows_before_filter = 0;  // rows of visible groups, skipped ones included
  int64_t rows_evaluated = 0;      // rows of batches that zone maps could not decide
  int64_t rows_emitted = 0;
  int64_t groups = 0, groups_skipped = 0;
  int64_t batches = 0, batches_skipped = 0;
  int64_t bytes_read = 0;  // of the column blocks that were looked at
};

class ShardReader;

// A scan of one version under one snapshot, shared by the readers that work on it. It translates
// dictionary predicates once.
// Thread-safety: NewReader and the readers may run on several threads.
class ShardScan {
 public:
  // `snapshot` is copied.
  ShardScan(std::shared_ptr<const ShardVersion> version, const Snapshot& snapshot,
            ScanOptions options);
  ~ShardScan();
  ShardScan(const ShardScan&) = delete;
  ShardScan& operator=(const ShardScan&) = delete;

  // One more conjunct, such as a join's filter. Before the first reader.
  void AddPredicate(column::ColumnPredicate predicate);

  // Readers of one scan share its row groups: each group goes to the first who asks. A single
  // reader delivers the groups in their order. Readers do not outlive the scan.
  std::unique_ptr<ShardReader> NewReader();

  // True when a single reader delivers rows in sort key order.
  bool in_sort_order() const;
  // Row groups that some snapshot-visible row may be in: more readers than that are idle.
  int num_groups() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

// Delivers dense batches of the rows that are visible and pass every predicate. String columns come
// as dictionary vectors over one dictionary per column where the shard has one, else flat.
// Thread-safety: one thread at a time.
class ShardReader {
 public:
  explicit ShardReader(ShardScan::State& scan);
  ~ShardReader();

  // False at the end. A batch is full (kBatchRows) unless the form of a column changes or rows end.
  absl::StatusOr<bool> Next(column::Batch* batch);
  const ScanCounters& counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vesto::storage
