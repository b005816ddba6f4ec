#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "base/mutex.h"
#include "column/batch.h"
#include "column/distinct_sketch.h"
#include "storage/row_group.h"
#include "txn/snapshot.h"
#include "vesto/value.h"

namespace vesto::storage {

using txn::Snapshot;
using txn::Xid;

// What storage knows of a table: no names.
struct TableShape {
  std::vector<Type> columns;
  std::vector<int> sort_keys;  // compound order; empty = rows stay as they come
};

// Rows that one transaction deleted from one row group, linked to earlier deletes. Immutable.
struct DeleteMark {
  Xid xid = 0;
  std::vector<uint64_t> rows;  // bit per row
  int count = 0;
  std::shared_ptr<const DeleteMark> earlier;
};

// One row group within a version: who inserted it, and what was deleted since.
struct GroupEntry {
  std::shared_ptr<const RowGroup> group;
  Xid insert_xid = txn::kFrozenXid;
  Xid drop_xid = txn::kFrozenXid;  // truncated or rewritten by; kFrozenXid = not
  std::shared_ptr<const DeleteMark> deletes;

  bool VisibleTo(const Snapshot& snapshot) const {
    return snapshot.Sees(insert_xid) && (drop_xid == txn::kFrozenXid || !snapshot.Sees(drop_xid));
  }
};

// The state of a shard between two changes. Immutable; readers keep it as long as they need.
struct ShardVersion {
  std::shared_ptr<const TableShape> shape;
  std::vector<GroupEntry> groups;
  // The first groups, whose rows taken together are in sort key order.
  int sorted_groups = 0;
  uint64_t number = 0;  // grows with every change: a key for caches

  int64_t CountRows(const Snapshot& snapshot) const;
};

// Smallest and largest value ever appended to a column, in its unscaled integer form. Never shrinks
// until the table is truncated or vacuumed, so what it proves of one version holds for every
// earlier one. Only for physical integers.
struct ColumnBounds {
  bool any = false;   // false: no value yet
  bool known = true;  // false: not an integer column
  bool has_nulls = false;
  int128_t min = 0, max = 0;
  bool FitsInt64() const { return !any || (min >= INT64_MIN && max <= INT64_MAX); }
};

struct ColumnStatistics {
  ColumnBounds bounds;
  int64_t null_count = 0;
  int64_t bytes = 0;
  std::optional<Value> min, max;    // strings: by their first bytes only, absent
  column::DistinctSketch distinct;  // of all values; for strings of their comparison form
};

struct ShardStatistics {
  int64_t rows = 0;         // visible to the snapshot
  int64_t sorted_rows = 0;  // of these, in the sorted region
  int64_t dead_rows = 0;    // deleted, not yet removed
  int64_t bytes = 0;
  int64_t blocks = 0;  // 1 MB equivalents, at least one per column and populated region
  std::vector<ColumnStatistics> columns;
};

// One block as STV_BLOCKLIST shows it.
struct BlockInfo {
  int column = 0;
  int block = 0;  // running number within the column
  int64_t rows = 0;
  int64_t bytes = 0;
  int64_t min_image = 0, max_image = 0;
  bool sorted = false;
};

enum class VacuumMode : uint8_t { kFull, kSortOnly, kDeleteOnly, kReindex };
struct VacuumResult {
  int64_t rows_removed = 0;
  int64_t rows_sorted = 0;
};

// The rows of one statement on their way into a shard: collected, sorted by the sort key where
// there is one, cut into row groups and encoded. Nothing is visible before Finish. Thread-safety:
// one slice only.
class ShardAppender {
 public:
  virtual ~ShardAppender() = default;
  // One vector per table column, any kind, in a physical form of the column's type.
  virtual absl::Status Append(const column::Batch& batch) = 0;
  // Hangs the rows on the shard as the transaction's. Returns their number.
  virtual absl::StatusOr<int64_t> Finish() = 0;
};

// The rows of one table on one slice, in versions.
//
// Writers of one table are kept apart by the table lock of their transaction; readers take a
// version and need no lock. Changes carry the writer's xid and become visible with its commit.
// Thread-safety: thread-safe.
class TableShard {
 public:
  TableShard(uint32_t table, TableShape shape, base::MemoryPool* pool);
  ~TableShard();

  uint32_t table() const { return table_; }
  std::shared_ptr<const ShardVersion> version() const;
  std::shared_ptr<const TableShape> shape() const { return version()->shape; }

  // `sorted`: the caller promises sort key order; else Finish sorts where there is a sort key.
  std::unique_ptr<ShardAppender> NewAppender(Xid xid, bool sorted = false);
  // The same for one small batch.
  absl::Status Append(Xid xid, const column::Batch& batch);

  // `row_ids` as a scan emitted them in this statement; duplicates and rows already deleted are
  // not counted. Returns how many rows were deleted.
  absl::StatusOr<int64_t> Delete(Xid xid, std::span<const int64_t> row_ids);
  absl::Status Truncate(Xid xid);

  // Rewrites the rows that `snapshot` (of the vacuuming transaction) sees: without dead rows, in
  // sort key order, in full groups. Older snapshots keep reading the old groups.
  absl::StatusOr<VacuumResult> Vacuum(Xid xid, const Snapshot& snapshot, VacuumMode mode);

  // ALTER TABLE APPEND: takes the row groups of `source`, a shard of the same slice, without copying
  // them, and empties it. Own column i is the source's column columns[i], of the same type; where that
  // is -1, every row has the value fills[i]. The transaction holds both tables exclusively.
  absl::Status TakeGroups(Xid xid, TableShard& source, std::span<const int> columns,
                          std::span<const Value> fills);

  // ALTER TABLE. The transaction holds the table exclusively until its end.
  absl::Status AddColumn(Xid xid, const Type& type, const Value& fill);
  absl::Status DropColumn(Xid xid, int column);
  // Same physical form: VARCHAR(n) to VARCHAR(m).
  absl::Status AlterType(Xid xid, int column, const Type& type);
  absl::Status AlterSortKeys(Xid xid, std::vector<int> sort_keys);

  // Monotone over the shard's life, cheap: for the planner's proofs.
  std::vector<ColumnBounds> Bounds() const;
  ShardStatistics Statistics(const Snapshot& snapshot) const;
  std::vector<BlockInfo> ListBlocks(const Snapshot& snapshot) const;

  // Participant's part, called by ShardStore.
  void Abort(Xid xid);
  // Freezes, folds, drops and merges what every snapshot at or above `horizon` agrees on.
  // `exclusive`: the caller still holds the table's write lock, so that no statement between its
  // scan and its Delete loses its row ids to a merge. Returns true when something is left that a
  // later horizon may allow.
  bool Tidy(Xid horizon, bool exclusive);

 private:
  friend class AppenderImpl;
  struct Impl;
  const uint32_t table_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vesto::storage
