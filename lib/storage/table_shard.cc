#include "storage/table_shard.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "base/status_macros.h"
#include "storage/block_decoder.h"
#include "storage/encoding.h"
#include "storage/row_collector.h"
#include "storage/shard_scan.h"

namespace vesto::storage {
namespace {

using column::Batch;
using column::DistinctSketch;
using column::Vector;

// Neighbouring groups of one size class are merged when there are this many; classes are powers of
// 16 rows, so a row moves at most four times on its way into a full group.
constexpr size_t kMergeRun = 16;
constexpr int64_t kBlockBytes = 1 << 20;

int SizeClass(int rows) {
  int size_class = 0;
  while (rows >= 16) {
    rows /= 16;
    ++size_class;
  }
  return size_class;
}

Snapshot SeesEverything() {
  Snapshot snapshot;
  snapshot.next = std::numeric_limits<Xid>::max();
  return snapshot;
}

int64_t DeletedRows(const GroupEntry& entry, const Snapshot& snapshot) {
  int64_t count = 0;
  for (const DeleteMark* mark = entry.deletes.get(); mark != nullptr; mark = mark->earlier.get()) {
    if (snapshot.Sees(mark->xid)) count += mark->count;  // marks of one group are disjoint
  }
  return count;
}

// `group` follows the last row of `entries` in sort key order (or may be anything if they are
// none).
bool Follows(const GroupEntry* last, const RowGroup& group, const std::vector<int>& sort_keys) {
  if (last == nullptr) return true;
  for (int key : sort_keys) {
    const int order =
        CompareImages(*last->group->columns[key], last->group->rows - 1, *group.columns[key], 0);
    if (order != 0) return order < 0;
  }
  return true;
}

absl::Status ConcurrentChange(uint32_t table, Xid other, Xid own) {
  return SqlError(SqlState::kInternalError, "1023")
      .Detail(absl::StrCat("Serializable isolation violation on table - ", table,
                           ", transactions forming the cycle are: ", other, ", ", own, " (pid:0)"));
}

// What the shard keeps of a column beside its blocks. Shared by versions of the column list, so
// that a rolled-back ALTER TABLE gets its old columns back.
struct ColumnState {
  ColumnBounds bounds;
  std::shared_ptr<SharedDictionary> dictionary;  // strings only
  std::unique_ptr<DistinctSketch> sketch;        // from the first group that is worth one
};

// A block of `rows` times the same value.
absl::StatusOr<std::shared_ptr<const ColumnBlock>> EncodeConstant(const Type& type,
                                                                  const Value& value, int rows,
                                                                  const ColumnState& state,
                                                                  base::MemoryPool* pool) {
  const types::PhysicalType physical = types::DefaultPhysicalType(type);
  const Vector values = (value.is_null() ? Vector::Constant(Value::Null(type), physical)
                                         : Vector::Constant(value, physical))
                            .Flatten(rows);
  FlatColumn flat;
  flat.physical = physical;
  flat.rows = rows;
  flat.values = values.data<uint8_t>();
  flat.nulls = values.nulls();
  EncodeOptions options;
  options.pool = pool;
  options.dictionary = state.dictionary;
  return EncodeBlock(flat, options);
}

// One value: the sketch needs no look at the rows.
std::unique_ptr<DistinctSketch> SketchOfConstant(const Value& value) {
  auto sketch = std::make_unique<DistinctSketch>();
  if (!value.is_null()) sketch->Add(base::HashString(std::string_view(value.ToString())));
  return sketch;
}

std::shared_ptr<ColumnState> NewColumnState(const Type& type) {
  auto state = std::make_shared<ColumnState>();
  if (types::DefaultPhysicalType(type) == types::PhysicalType::kString) {
    state->dictionary = std::make_shared<SharedDictionary>(type.case_insensitive);
    state->bounds.known = false;
  }
  return state;
}

}  // namespace

int64_t ShardVersion::CountRows(const Snapshot& snapshot) const {
  int64_t rows = 0;
  for (const GroupEntry& entry : groups) {
    if (entry.VisibleTo(snapshot)) rows += entry.group->rows - DeletedRows(entry, snapshot);
  }
  return rows;
}

struct TableShard::Impl {
  struct Undo {
    std::shared_ptr<const ShardVersion> version;
    std::vector<std::shared_ptr<ColumnState>> columns;
  };

  base::MemoryPool* pool = nullptr;
  uint32_t table = 0;
  // Writers hold write_mutex while they make the next version, and `mutex` only to publish it.
  base::Mutex write_mutex;
  mutable base::Mutex mutex ABSL_ACQUIRED_AFTER(write_mutex);
  std::shared_ptr<const ShardVersion> version ABSL_GUARDED_BY(mutex);
  std::vector<std::shared_ptr<ColumnState>> columns ABSL_GUARDED_BY(mutex);
  uint32_t next_group_id ABSL_GUARDED_BY(mutex) = 1;
  // The shard before the first ALTER, TRUNCATE or VACUUM of a transaction.
  absl::flat_hash_map<Xid, Undo> undo ABSL_GUARDED_BY(write_mutex);

  std::shared_ptr<const ShardVersion> Version() const {
    base::MutexLock lock(mutex);
    return version;
  }
  void Publish(std::shared_ptr<ShardVersion> next) {
    base::MutexLock lock(mutex);
    next->number = version->number + 1;
    version = std::move(next);
  }
  std::vector<std::shared_ptr<ColumnState>> Columns() const {
    base::MutexLock lock(mutex);
    return columns;
  }
  RowCollector::Options CollectorOptions(const ShardVersion& current, bool sort) const {
    RowCollector::Options options;
    options.shape = current.shape;
    options.pool = pool;
    options.sort = sort && !current.shape->sort_keys.empty();
    for (const auto& column : Columns()) options.dictionaries.push_back(column->dictionary);
    return options;
  }
  // Numbers the groups and joins their bounds and sketches to the columns'.
  void Adopt(CollectedRows& rows) {
    base::MutexLock lock(mutex);
    for (auto& group : rows.groups) group->id = next_group_id++;
    for (size_t c = 0; c < columns.size() && c < rows.bounds.size(); ++c) {
      MergeBounds(rows.bounds[c], &columns[c]->bounds);
      if (rows.sketches.empty()) continue;
      if (columns[c]->sketch == nullptr) {
        columns[c]->sketch = std::move(rows.sketches[c]);
      } else {
        columns[c]->sketch->Merge(*rows.sketches[c]);
      }
    }
  }
  void SaveForUndo(Xid xid) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex) {
    if (undo.contains(xid)) return;
    base::MutexLock lock(mutex);
    undo[xid] = {version, columns};
  }
  // Hangs finished rows on the shard. `deletes[i]` belongs to the i-th group; empty: nothing of them
  // is deleted.
  void AddGroups(Xid xid, CollectedRows& rows, bool in_order,
                 std::span<const std::shared_ptr<const DeleteMark>> deletes = {}) {
    base::MutexLock write_lock(write_mutex);
    Adopt(rows);
    const auto current = Version();
    auto next = std::make_shared<ShardVersion>();
    next->shape = current->shape;
    next->sorted_groups = current->sorted_groups;
    next->groups.reserve(current->groups.size() + rows.groups.size());
    // Dropped groups, which only older snapshots read, stay at the end.
    size_t live = current->groups.size();
    while (live > 0 && current->groups[live - 1].drop_xid != txn::kFrozenXid) --live;
    next->groups.assign(current->groups.begin(),
                        current->groups.begin() + static_cast<ptrdiff_t>(live));
    const auto& sort_keys = next->shape->sort_keys;
    for (size_t i = 0; i < rows.groups.size(); ++i) {
      auto& group = rows.groups[i];
      const bool all_sorted = next->sorted_groups == static_cast<int>(next->groups.size());
      if (in_order && !sort_keys.empty() && all_sorted &&
          Follows(next->groups.empty() ? nullptr : &next->groups.back(), *group, sort_keys)) {
        ++next->sorted_groups;
      }
      GroupEntry entry;
      entry.group = std::move(group);
      entry.insert_xid = xid;
      if (!deletes.empty()) entry.deletes = deletes[i];
      next->groups.push_back(std::move(entry));
    }
    next->groups.insert(next->groups.end(), current->groups.begin() + static_cast<ptrdiff_t>(live),
                        current->groups.end());
    Publish(std::move(next));
  }
  // Reads all columns of some groups, rows seen by `snapshot`, into a collector.
  absl::StatusOr<CollectedRows> Rewrite(std::shared_ptr<const ShardVersion> from,
                                        const Snapshot& snapshot, bool sort) const {
    ScanOptions options;
    for (size_t c = 0; c < from->shape->columns.size(); ++c) {
      options.outputs.push_back(
          {static_cast<int>(c), types::DefaultPhysicalType(from->shape->columns[c])});
    }
    RowCollector collector(CollectorOptions(*from, sort));
    ShardScan scan(std::move(from), snapshot, std::move(options));
    auto reader = scan.NewReader();
    Batch batch;
    while (true) {
      VESTO_ASSIGN_OR_RETURN(const bool more, reader->Next(&batch));
      if (!more) break;
      VESTO_RETURN_IF_ERROR(collector.Add(batch));
    }
    return collector.Finish();
  }
  bool MergeSmallGroups(ShardVersion* next) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex);
};

// --- Appending ----------------------------------------------------------------------------------

class AppenderImpl : public ShardAppender {
 public:
  AppenderImpl(TableShard::Impl* shard, Xid xid, bool sorted)
      : shard_(shard),
        xid_(xid),
        has_sort_keys_(!shard->Version()->shape->sort_keys.empty()),
        collector_(shard->CollectorOptions(*shard->Version(), !sorted)) {}

  absl::Status Append(const Batch& batch) override { return collector_.Add(batch); }

  absl::StatusOr<int64_t> Finish() override {
    VESTO_ASSIGN_OR_RETURN(CollectedRows rows, collector_.Finish());
    if (rows.rows > 0) shard_->AddGroups(xid_, rows, has_sort_keys_);
    return rows.rows;
  }

 private:
  TableShard::Impl* shard_;
  const Xid xid_;
  const bool has_sort_keys_;
  RowCollector collector_;
};

TableShard::TableShard(uint32_t table, TableShape shape, base::MemoryPool* pool)
    : table_(table), impl_(std::make_unique<Impl>()) {
  impl_->pool = pool;
  impl_->table = table;
  for (const Type& type : shape.columns) impl_->columns.push_back(NewColumnState(type));
  auto version = std::make_shared<ShardVersion>();
  version->shape = std::make_shared<const TableShape>(std::move(shape));
  impl_->version = std::move(version);
}

TableShard::~TableShard() = default;

std::shared_ptr<const ShardVersion> TableShard::version() const { return impl_->Version(); }

std::unique_ptr<ShardAppender> TableShard::NewAppender(Xid xid, bool sorted) {
  return std::make_unique<AppenderImpl>(impl_.get(), xid, sorted);
}

absl::Status TableShard::Append(Xid xid, const Batch& batch) {
  AppenderImpl appender(impl_.get(), xid, /*sorted=*/false);
  VESTO_RETURN_IF_ERROR(appender.Append(batch));
  return appender.Finish().status();
}

// --- Deleting -----------------------------------------------------------------------------------

absl::StatusOr<int64_t> TableShard::Delete(Xid xid, std::span<const int64_t> row_ids) {
  if (row_ids.empty()) return 0;
  std::vector<int64_t> ids(row_ids.begin(), row_ids.end());
  if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
  base::MutexLock write_lock(impl_->write_mutex);
  const auto current = impl_->Version();
  absl::flat_hash_map<uint32_t, size_t> places;
  for (size_t i = 0; i < current->groups.size(); ++i) places[current->groups[i].group->id] = i;
  auto next = std::make_shared<ShardVersion>(*current);
  int64_t deleted = 0;
  for (size_t begin = 0; begin < ids.size();) {
    const auto group_id = static_cast<uint32_t>(ids[begin] >> 16);
    size_t end = begin;
    while (end < ids.size() && static_cast<uint32_t>(ids[end] >> 16) == group_id) ++end;
    auto place = places.find(group_id);
    // The group was rewritten by a transaction that the statement's snapshot does not see.
    if (place == places.end()) return ConcurrentChange(table_, 0, xid);
    GroupEntry& entry = next->groups[place->second];
    if (entry.drop_xid != txn::kFrozenXid) return ConcurrentChange(table_, entry.drop_xid, xid);

    auto mark = std::make_shared<DeleteMark>();
    if (entry.deletes != nullptr && entry.deletes->xid == xid) {
      *mark = *entry.deletes;  // an earlier statement of the same transaction
    } else {
      mark->xid = xid;
      mark->rows.resize((entry.group->rows + 63) / 64);
      mark->earlier = entry.deletes;
    }
    for (size_t i = begin; i < end; ++i) {
      const int row = static_cast<int>(ids[i] & 0xffff);
      if (row >= entry.group->rows) return ConcurrentChange(table_, 0, xid);
      const uint64_t bit = 1ULL << (row & 63);
      for (const DeleteMark* other = mark->earlier.get(); other != nullptr;
           other = other->earlier.get()) {
        // The statement saw the row, so its snapshot does not see this delete.
        if (other->rows[row >> 6] & bit) return ConcurrentChange(table_, other->xid, xid);
      }
      if (mark->rows[row >> 6] & bit) continue;
      mark->rows[row >> 6] |= bit;
      ++mark->count;
      ++deleted;
    }
    entry.deletes = std::move(mark);
    begin = end;
  }
  if (deleted > 0) impl_->Publish(std::move(next));
  return deleted;
}

absl::Status TableShard::Truncate(Xid xid) {
  base::MutexLock write_lock(impl_->write_mutex);
  impl_->SaveForUndo(xid);
  const auto current = impl_->Version();
  auto next = std::make_shared<ShardVersion>(*current);
  next->sorted_groups = 0;
  for (GroupEntry& entry : next->groups) {
    if (entry.drop_xid == txn::kFrozenXid) entry.drop_xid = xid;
  }
  impl_->Publish(std::move(next));
  return absl::OkStatus();
}

absl::Status TableShard::TakeGroups(Xid xid, TableShard& source, std::span<const int> columns,
                                    std::span<const Value> fills) {
  const auto from = source.impl_->Version();
  const auto shape = impl_->Version()->shape;
  const auto own = impl_->Columns();
  const auto theirs = source.impl_->Columns();
  CollectedRows rows;
  std::vector<std::shared_ptr<const DeleteMark>> deletes;
  rows.bounds.resize(columns.size());
  bool in_order = true;
  for (size_t g = 0; g < from->groups.size(); ++g) {
    const GroupEntry& entry = from->groups[g];
    if (entry.drop_xid != txn::kFrozenXid) continue;
    in_order = in_order && static_cast<int>(g) < from->sorted_groups;
    // Its blocks keep the dictionaries that they were made with.
    auto group = std::make_shared<RowGroup>();
    group->sketched = entry.group->sketched;
    group->rows = entry.group->rows;
    for (size_t c = 0; c < columns.size(); ++c) {
      if (columns[c] >= 0) {
        group->columns.push_back(entry.group->columns[columns[c]]);
        continue;
      }
      VESTO_ASSIGN_OR_RETURN(auto block, EncodeConstant(shape->columns[c], fills[c], group->rows,
                                                        *own[c], impl_->pool));
      ExtendBounds(*block, &rows.bounds[c]);
      group->columns.push_back(std::move(block));
    }
    rows.rows += group->rows;
    rows.groups.push_back(std::move(group));
    deletes.push_back(entry.deletes);
  }
  if (rows.groups.empty()) return absl::OkStatus();
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c] < 0) {
      rows.bounds[c].known = own[c]->bounds.known;
      rows.sketches.push_back(SketchOfConstant(fills[c]));
      continue;
    }
    const ColumnState& taken = *theirs[columns[c]];
    rows.bounds[c] = taken.bounds;
    rows.sketches.push_back(taken.sketch != nullptr ? std::make_unique<DistinctSketch>(*taken.sketch)
                                                    : std::make_unique<DistinctSketch>());
  }
  impl_->AddGroups(xid, rows, in_order, deletes);
  return source.Truncate(xid);
}

// --- The end of transactions --------------------------------------------------------------------

void TableShard::Abort(Xid xid) {
  base::MutexLock write_lock(impl_->write_mutex);
  std::shared_ptr<const ShardVersion> current = impl_->Version();
  if (auto undo = impl_->undo.find(xid); undo != impl_->undo.end()) {
    current = undo->second.version;
    {
      base::MutexLock lock(impl_->mutex);
      impl_->columns = undo->second.columns;
    }
    impl_->undo.erase(undo);
  }
  auto next = std::make_shared<ShardVersion>();
  next->shape = current->shape;
  for (size_t i = 0; i < current->groups.size(); ++i) {
    GroupEntry entry = current->groups[i];
    if (entry.insert_xid == xid) continue;
    if (entry.drop_xid == xid) entry.drop_xid = txn::kFrozenXid;
    if (entry.deletes != nullptr && entry.deletes->xid == xid) {
      entry.deletes = entry.deletes->earlier;
    }
    if (static_cast<int>(i) < current->sorted_groups) ++next->sorted_groups;
    next->groups.push_back(std::move(entry));
  }
  impl_->Publish(std::move(next));
}

bool TableShard::Impl::MergeSmallGroups(ShardVersion* next) {
  bool merged = false;
  for (int size_class = 0; size_class <= SizeClass(kRowGroupRows / 2); ++size_class) {
    for (size_t begin = 0; begin < next->groups.size();) {
      // A run of neighbours that everybody sees, all inside or all outside the sorted region.
      size_t end = begin;
      size_t of_class = 0;
      const bool sorted_region = static_cast<int>(begin) < next->sorted_groups;
      while (end < next->groups.size()) {
        const GroupEntry& entry = next->groups[end];
        if ((static_cast<int>(end) < next->sorted_groups) != sorted_region ||
            entry.insert_xid != txn::kFrozenXid || entry.drop_xid != txn::kFrozenXid ||
            (entry.deletes != nullptr && entry.deletes->xid != txn::kFrozenXid) ||
            entry.group->rows >= kRowGroupRows / 2 || SizeClass(entry.group->rows) > size_class) {
          break;
        }
        of_class += SizeClass(entry.group->rows) == size_class;
        ++end;
      }
      // Smaller neighbours come along, but do not count: else a growing group would be rewritten
      // again and again.
      if (of_class < kMergeRun) {
        begin = std::max(end, begin + 1);
        continue;
      }
      auto run = std::make_shared<ShardVersion>();
      run->shape = next->shape;
      run->groups.assign(next->groups.begin() + static_cast<ptrdiff_t>(begin),
                         next->groups.begin() + static_cast<ptrdiff_t>(end));
      auto rows = Rewrite(run, SeesEverything(), !sorted_region);
      if (!rows.ok()) return merged;  // out of memory: the small groups stay as they are
      Adopt(*rows);
      std::vector<GroupEntry> replacement;
      for (auto& group : rows->groups) {
        GroupEntry entry;
        entry.group = std::move(group);
        replacement.push_back(std::move(entry));
      }
      if (sorted_region) {
        next->sorted_groups += static_cast<int>(replacement.size()) - static_cast<int>(end - begin);
      }
      const size_t count = replacement.size();
      next->groups.erase(next->groups.begin() + static_cast<ptrdiff_t>(begin),
                         next->groups.begin() + static_cast<ptrdiff_t>(end));
      next->groups.insert(next->groups.begin() + static_cast<ptrdiff_t>(begin),
                          std::make_move_iterator(replacement.begin()),
                          std::make_move_iterator(replacement.end()));
      merged = true;
      begin += count;
    }
  }
  return merged;
}

bool TableShard::Tidy(Xid horizon, bool exclusive) {
  base::MutexLock write_lock(impl_->write_mutex);
  // Transactions below the horizon are over: nothing of theirs will be undone.
  for (auto it = impl_->undo.begin(); it != impl_->undo.end();) {
    auto here = it++;
    if (here->first < horizon) impl_->undo.erase(here);
  }
  const auto current = impl_->Version();
  auto settled = [horizon](Xid xid) { return xid != txn::kFrozenXid && xid < horizon; };
  auto next = std::make_shared<ShardVersion>();
  next->shape = current->shape;
  next->groups.reserve(current->groups.size());
  bool changed = false;
  bool left = false;
  size_t small = 0;
  for (size_t i = 0; i < current->groups.size(); ++i) {
    GroupEntry entry = current->groups[i];
    if (settled(entry.drop_xid)) {
      changed = true;
      continue;
    }
    if (settled(entry.insert_xid)) {
      entry.insert_xid = txn::kFrozenXid;
      changed = true;
    }
    // Fold the deletes that every snapshot sees into one mark.
    if (entry.deletes != nullptr) {
      const DeleteMark* mark = entry.deletes.get();
      if (settled(mark->xid)) {
        auto folded = std::make_shared<DeleteMark>();
        folded->rows = mark->rows;
        for (mark = mark->earlier.get(); mark != nullptr; mark = mark->earlier.get()) {
          for (size_t w = 0; w < folded->rows.size(); ++w) folded->rows[w] |= mark->rows[w];
        }
        for (uint64_t word : folded->rows) folded->count += std::popcount(word);
        entry.deletes = std::move(folded);
        changed = true;
      }
      if (entry.deletes->xid == txn::kFrozenXid && entry.deletes->count == entry.group->rows) {
        changed = true;
        continue;
      }
      left |= entry.deletes->xid != txn::kFrozenXid;
    }
    left |= entry.insert_xid != txn::kFrozenXid || entry.drop_xid != txn::kFrozenXid;
    small += entry.group->rows < kRowGroupRows / 2;
    if (static_cast<int>(i) < current->sorted_groups) ++next->sorted_groups;
    next->groups.push_back(std::move(entry));
  }
  if (exclusive && small >= kMergeRun) changed |= impl_->MergeSmallGroups(next.get());
  if (changed) impl_->Publish(std::move(next));
  return left;
}

// --- VACUUM -------------------------------------------------------------------------------------

absl::StatusOr<VacuumResult> TableShard::Vacuum(Xid xid, const Snapshot& snapshot,
                                                VacuumMode mode) {
  base::MutexLock write_lock(impl_->write_mutex);
  impl_->SaveForUndo(xid);
  const auto current = impl_->Version();
  const bool sort = mode != VacuumMode::kDeleteOnly;
  VacuumResult result;
  int64_t dead = 0;
  int64_t unsorted = 0;
  int partial = 0;
  for (size_t i = 0; i < current->groups.size(); ++i) {
    const GroupEntry& entry = current->groups[i];
    if (!entry.VisibleTo(snapshot)) continue;
    dead += DeletedRows(entry, snapshot);
    if (static_cast<int>(i) >= current->sorted_groups) unsorted += entry.group->rows;
    partial += entry.group->rows < kRowGroupRows;
  }
  const bool needs_sort = sort && unsorted > 0 && !current->shape->sort_keys.empty();
  const bool removes = mode != VacuumMode::kSortOnly && dead > 0;
  if (!needs_sort && !removes && partial <= 1) return result;

  VESTO_ASSIGN_OR_RETURN(CollectedRows rows, impl_->Rewrite(current, snapshot, sort));
  impl_->Adopt(rows);
  auto next = std::make_shared<ShardVersion>();
  next->shape = current->shape;
  // New groups first, so that they form the sorted region; old ones stay for older snapshots.
  const bool in_order =
      !current->shape->sort_keys.empty() &&
      (sort || current->sorted_groups == static_cast<int>(current->groups.size()));
  for (auto& group : rows.groups) {
    GroupEntry entry;
    entry.group = std::move(group);
    entry.insert_xid = xid;
    next->groups.push_back(std::move(entry));
  }
  if (in_order) next->sorted_groups = static_cast<int>(next->groups.size());
  for (GroupEntry entry : current->groups) {
    if (entry.VisibleTo(snapshot) && entry.drop_xid == txn::kFrozenXid) entry.drop_xid = xid;
    next->groups.push_back(std::move(entry));
  }
  result.rows_removed = dead;
  result.rows_sorted = needs_sort ? unsorted : 0;
  impl_->Publish(std::move(next));
  return result;
}

// --- ALTER TABLE --------------------------------------------------------------------------------

absl::Status TableShard::AddColumn(Xid xid, const Type& type, const Value& fill) {
  base::MutexLock write_lock(impl_->write_mutex);
  impl_->SaveForUndo(xid);
  const auto current = impl_->Version();
  auto shape = std::make_shared<TableShape>(*current->shape);
  shape->columns.push_back(type);
  std::shared_ptr<ColumnState> state = NewColumnState(type);
  auto next = std::make_shared<ShardVersion>(*current);
  next->shape = std::move(shape);
  for (GroupEntry& entry : next->groups) {
    VESTO_ASSIGN_OR_RETURN(
        auto block, EncodeConstant(type, fill, entry.group->rows, *state, impl_->pool));
    ExtendBounds(*block, &state->bounds);
    auto group = std::make_shared<RowGroup>(*entry.group);
    group->columns.push_back(std::move(block));
    entry.group = std::move(group);
  }
  if (!fill.is_null()) state->sketch = SketchOfConstant(fill);
  {
    base::MutexLock lock(impl_->mutex);
    impl_->columns.push_back(std::move(state));
  }
  impl_->Publish(std::move(next));
  return absl::OkStatus();
}

absl::Status TableShard::DropColumn(Xid xid, int column) {
  base::MutexLock write_lock(impl_->write_mutex);
  impl_->SaveForUndo(xid);
  const auto current = impl_->Version();
  auto shape = std::make_shared<TableShape>(*current->shape);
  shape->columns.erase(shape->columns.begin() + column);
  std::erase(shape->sort_keys, column);
  for (int& key : shape->sort_keys) key -= key > column;
  auto next = std::make_shared<ShardVersion>(*current);
  if (shape->sort_keys.size() != current->shape->sort_keys.size()) next->sorted_groups = 0;
  next->shape = std::move(shape);
  for (GroupEntry& entry : next->groups) {
    auto group = std::make_shared<RowGroup>(*entry.group);
    group->columns.erase(group->columns.begin() + column);
    entry.group = std::move(group);
  }
  {
    base::MutexLock lock(impl_->mutex);
    impl_->columns.erase(impl_->columns.begin() + column);
  }
  impl_->Publish(std::move(next));
  return absl::OkStatus();
}

absl::Status TableShard::AlterType(Xid xid, int column, const Type& type) {
  base::MutexLock write_lock(impl_->write_mutex);
  const auto current = impl_->Version();
  if (types::DefaultPhysicalType(type) !=
      types::DefaultPhysicalType(current->shape->columns[column])) {
    return SqlError(SqlState::kInternalError, "the new type needs its values rewritten");
  }
  impl_->SaveForUndo(xid);
  auto shape = std::make_shared<TableShape>(*current->shape);
  shape->columns[column] = type;
  auto next = std::make_shared<ShardVersion>(*current);
  next->shape = std::move(shape);
  impl_->Publish(std::move(next));
  return absl::OkStatus();
}

absl::Status TableShard::AlterSortKeys(Xid xid, std::vector<int> sort_keys) {
  base::MutexLock write_lock(impl_->write_mutex);
  impl_->SaveForUndo(xid);
  const auto current = impl_->Version();
  auto shape = std::make_shared<TableShape>(*current->shape);
  shape->sort_keys = std::move(sort_keys);
  auto next = std::make_shared<ShardVersion>(*current);
  next->shape = std::move(shape);
  next->sorted_groups = 0;
  impl_->Publish(std::move(next));
  return absl::OkStatus();
}

// --- What others want to know -------------------------------------------------------------------

std::vector<ColumnBounds> TableShard::Bounds() const {
  base::MutexLock lock(impl_->mutex);
  std::vector<ColumnBounds> bounds;
  for (const auto& column : impl_->columns) bounds.push_back(column->bounds);
  return bounds;
}

ShardStatistics TableShard::Statistics(const Snapshot& snapshot) const {
  ShardStatistics statistics;
  std::shared_ptr<const ShardVersion> current;
  {
    base::MutexLock lock(impl_->mutex);
    current = impl_->version;
    for (const auto& column : impl_->columns) {
      ColumnStatistics& of = statistics.columns.emplace_back();
      of.bounds = column->bounds;
      if (column->sketch != nullptr) of.distinct = *column->sketch;
    }
  }
  bool has_sorted = false;
  bool has_unsorted = false;
  std::vector<int> unsketched;
  for (size_t i = 0; i < current->groups.size(); ++i) {
    const GroupEntry& entry = current->groups[i];
    if (!entry.VisibleTo(snapshot)) continue;
    const int64_t dead = DeletedRows(entry, snapshot);
    const int64_t rows = entry.group->rows - dead;
    const bool sorted = static_cast<int>(i) < current->sorted_groups;
    statistics.rows += rows;
    statistics.dead_rows += dead;
    statistics.sorted_rows += sorted ? rows : 0;
    (sorted ? has_sorted : has_unsorted) = true;
    for (size_t c = 0; c < statistics.columns.size(); ++c) {
      const ColumnBlock& block = *entry.group->columns[c];
      statistics.columns[c].null_count += block.null_count;
      statistics.columns[c].bytes += block.bytes();
    }
    if (!entry.group->sketched) unsketched.push_back(static_cast<int>(i));
  }
  // Small groups are counted now; there are never many (Tidy merges them).
  for (int i : unsketched) {
    const RowGroup& group = *current->groups[i].group;
    for (size_t c = 0; c < statistics.columns.size(); ++c) {
      const ColumnBlock& block = *group.columns[c];
      for (int row = 0; row < group.rows; ++row) {
        if (!block.IsNull(row)) statistics.columns[c].distinct.Add(BlockHash(block, row));
      }
    }
  }
  for (size_t c = 0; c < statistics.columns.size(); ++c) {
    ColumnStatistics& column = statistics.columns[c];
    const Type& type = current->shape->columns[c];
    statistics.bytes += column.bytes;
    const int64_t regions = (has_sorted ? 1 : 0) + (has_unsorted ? 1 : 0);
    statistics.blocks += std::max((column.bytes + kBlockBytes - 1) / kBlockBytes, regions);
    if (column.bounds.known && column.bounds.any) {
      column.min = Value::OfInteger(type, column.bounds.min);
      column.max = Value::OfInteger(type, column.bounds.max);
    }
  }
  return statistics;
}

std::vector<BlockInfo> TableShard::ListBlocks(const Snapshot& snapshot) const {
  std::vector<BlockInfo> list;
  const auto current = impl_->Version();
  const int columns = static_cast<int>(current->shape->columns.size());
  for (int c = 0; c < columns; ++c) {
    int number = 0;
    for (size_t i = 0; i < current->groups.size(); ++i) {
      const GroupEntry& entry = current->groups[i];
      if (!entry.VisibleTo(snapshot)) continue;
      const ColumnBlock& block = *entry.group->columns[c];
      list.push_back({c, number++, block.rows, block.bytes(), block.min_image, block.max_image,
                      static_cast<int>(i) < current->sorted_groups});
    }
  }
  return list;
}

}  // namespace vesto::storage
