#include "exec/steps/aggregate.h"

#include <algorithm>
#include <cstring>

#include "base/status_macros.h"
#include "exec/steps/aggregate_item.h"
#include "exec/steps/group_table.h"
#include "exec/steps/key_batch.h"
#include "exec/steps/row_sort.h"
#include "exec/steps/row_store.h"
#include "exec/steps/slot_cache.h"

namespace vesto::exec {
namespace {

using column::Batch;
using column::Position;
using column::StringRef;
using column::Vector;
using Phase = physical::AggregateSpec::Phase;

// Rows after which a partial phase looks whether it reduces its input at all.
constexpr int64_t kAdaptAfterRows = 100'000;
// Up to this many slots, rows are first put in order of their group.
constexpr int kMaxRunSlots = 256;
// Longer than what a StringRef keeps in itself: a state is shipped by its address.
constexpr size_t kStateTextBytes = 16;
// Repeated grouping sets keep their groups apart by a number above the key bits.
constexpr int kDuplicateSetShift = 48;

std::vector<KeyForm> FormsOf(const physical::AggregateSpec& spec) {
  std::vector<KeyForm> forms;
  for (const expr::ExprPtr& key : spec.keys) forms.push_back(KeyFormOf(key->type));
  if (!spec.grouping_sets.empty()) forms.push_back({KeyKind::kInt});
  return forms;
}

// The grouping id of each set, made unique where a set repeats.
std::vector<int64_t> SetIds(const physical::AggregateSpec& spec) {
  std::vector<int64_t> ids;
  for (const std::vector<int>& set : spec.grouping_sets) {
    int64_t id = (int64_t{1} << spec.keys.size()) - 1;
    for (const int key : set) id &= ~(int64_t{1} << key);
    int64_t repeats = 0;
    for (const int64_t known : ids) {
      repeats += (known & ((int64_t{1} << kDuplicateSetShift) - 1)) == id ? 1 : 0;
    }
    ids.push_back(id | repeats << kDuplicateSetShift);
  }
  return ids;
}

// The groups of one slice, with what DISTINCT and WITHIN GROUP need.
class GroupSet {
 public:
  static absl::StatusOr<std::shared_ptr<GroupSet>> Create(const physical::AggregateSpec& spec,
                                                          const Layout& layout,
                                                          QueryContext* query) {
    auto set = std::make_shared<GroupSet>(spec, query);
    const bool is_final = spec.phase == Phase::kFinal;
    size_t payload = 0, row_alignment = 8;
    for (const logical::AggregateItem& item : spec.items) {
      VESTO_ASSIGN_OR_RETURN(auto runner,
                             AggregateItem::Create(item, is_final ? nullptr : &layout, *query->eval,
                                                   set->heap_.get()));
      const size_t alignment = runner->state_alignment();
      row_alignment = std::max(row_alignment, alignment);
      payload = (payload + alignment - 1) / alignment * alignment;
      runner->set_state_offset(payload);
      payload += runner->state_bytes();
      set->items_.push_back(std::move(runner));
    }
    // States travel as strings of at least kStateTextBytes, which must not leave the row.
    if (spec.phase == Phase::kPartial) payload += kStateTextBytes - 8;
    set->table_ = std::make_unique<GroupTable>(set->forms_, payload, row_alignment, query->memory);
    for (const auto& item : set->items_) {
      item->set_state_offset(set->table_->payload_offset() + item->state_offset());
    }
    if (!is_final) {
      VESTO_ASSIGN_OR_RETURN(set->evaluator_,
                             KeyEvaluator::Create(spec.keys, layout, *query->eval));
      for (size_t i = 0; i < set->items_.size(); ++i) set->AddSideTables(i);
    }
    return set;
  }

  GroupSet(const physical::AggregateSpec& spec, QueryContext* query)
      : spec_(spec),
        query_(query),
        forms_(FormsOf(spec)),
        keys_(forms_),
        set_ids_(SetIds(spec)),
        heap_(std::make_shared<column::StringHeap>()),
        heap_charge_(query->memory),
        caches_(std::max<size_t>(1, spec.grouping_sets.size())),
        groups_(column::kBatchRows),
        positions_(column::kBatchRows) {}

  ~GroupSet() {
    if (table_ == nullptr) return;
    for (const auto& item : items_) {
      if (!item->owns_memory()) continue;
      for (int64_t g = 0; g < table_->size(); ++g) item->Destroy(table_->row(g));
    }
  }
  GroupSet(const GroupSet&) = delete;
  GroupSet& operator=(const GroupSet&) = delete;

  int64_t size() const { return table_->size(); }
  const physical::AggregateSpec& spec() const { return spec_; }

  absl::Status Consume(const Batch& batch) {
    rows_in_ += batch.rows;
    VESTO_RETURN_IF_ERROR(spec_.phase == Phase::kFinal ? Merge(batch) : Aggregate(batch));
    const auto bytes = static_cast<int64_t>(heap_->bytes());
    return bytes > heap_charge_.bytes() ? heap_charge_.Grow(bytes - heap_charge_.bytes())
                                        : absl::OkStatus();
  }

  // Feeds the rows that were held back for WITHIN GROUP, in order.
  absl::Status FinishOrdered() {
    for (size_t i = 0; i < sides_.size(); ++i) {
      if (sides_[i].held == nullptr) continue;
      VESTO_RETURN_IF_ERROR(Feed(*items_[i], *sides_[i].held));
      sides_[i].held.reset();
      sides_[i].seen.reset();
    }
    caches_.clear();
    return absl::OkStatus();
  }

  // The groups of an input without rows: one per empty grouping set.
  absl::Status AddEmptyGroups() {
    std::vector<Vector> keys;
    for (const expr::ExprPtr& key : spec_.keys) keys.push_back(Vector::NullConstant(key->type));
    if (spec_.grouping_sets.empty()) return AddGroup(keys);
    for (size_t s = 0; s < spec_.grouping_sets.size(); ++s) {
      if (!spec_.grouping_sets[s].empty()) continue;
      keys.resize(spec_.keys.size());
      keys.push_back(Vector::Constant(Value::Bigint(set_ids_[s])));
      VESTO_RETURN_IF_ERROR(AddGroup(keys));
    }
    return absl::OkStatus();
  }

  // Groups [first, first + count) as rows: keys, results or states, grouping id. `self` is this.
  absl::StatusOr<Batch> Emit(int64_t first, int count, const std::shared_ptr<GroupSet>& self) {
    Batch batch;
    batch.rows = count;
    for (size_t k = 0; k < spec_.keys.size(); ++k) {
      batch.columns.push_back(
          table_->KeyVector(static_cast<int>(k), spec_.keys[k]->type, first, count));
    }
    for (int i = 0; i < count; ++i) groups_[i] = table_->row(first + i);
    for (const auto& item : items_) {
      if (spec_.phase == Phase::kPartial) {
        Vector states = Vector::Flat(Type::Varbyte(0), types::PhysicalType::kString, count);
        auto* out = states.mutable_data<StringRef>();
        for (int i = 0; i < count; ++i) {
          out[i] = StringRef(reinterpret_cast<const char*>(groups_[i]) + item->state_offset(),
                             std::max(kStateTextBytes, item->state_bytes()));
        }
        states.AddPin(self);
        batch.columns.push_back(std::move(states));
      } else {
        VESTO_ASSIGN_OR_RETURN(Vector result, item->Finish(groups_.data(), count));
        if (result.physical() == types::PhysicalType::kString) result.AddPin(heap_);
        batch.columns.push_back(std::move(result));
      }
    }
    if (!spec_.grouping_sets.empty()) {
      Vector ids = table_->KeyVector(static_cast<int>(spec_.keys.size()), Type::Bigint(), first,
                                     count);
      if (spec_.phase != Phase::kPartial) {
        auto* out = ids.mutable_data<int64_t>();
        for (int i = 0; i < count; ++i) out[i] &= (int64_t{1} << kDuplicateSetShift) - 1;
      }
      batch.columns.push_back(std::move(ids));
    }
    return batch;
  }

 private:
  // Beside the group table, per item: the (group, arguments) seen by DISTINCT, and the rows that
  // wait for WITHIN GROUP's order: group, arguments, order keys.
  struct Side {
    std::unique_ptr<KeyBatch> seen_keys;
    std::unique_ptr<GroupTable> seen;
    std::unique_ptr<RowStore> held;
  };

  bool one_group() const { return spec_.keys.empty() && spec_.grouping_sets.empty(); }

  void AddSideTables(size_t i) {
    sides_.resize(items_.size());
    const logical::AggregateItem& item = items_[i]->item();
    if (item.distinct) {
      std::vector<KeyForm> forms;
      if (!one_group()) forms.push_back({KeyKind::kInt});
      for (const expr::ExprPtr& arg : item.args) forms.push_back(KeyFormOf(arg->type));
      sides_[i].seen_keys = std::make_unique<KeyBatch>(forms);
      sides_[i].seen = std::make_unique<GroupTable>(forms, 0, 8, query_->memory);
    }
  }

  absl::Status AddGroup(const std::vector<Vector>& keys) {
    keys_.Load(keys, 1);
    bool inserted = false;
    VESTO_ASSIGN_OR_RETURN(uint8_t* row, table_->FindOrInsertRow(keys_, 0, &inserted));
    if (inserted) InitRow(row);
    return absl::OkStatus();
  }

  void InitRow(uint8_t* row) const {
    for (const auto& item : items_) item->Init(row);
  }

  // kFinal: rows of keys, states, grouping id.
  absl::Status Merge(const Batch& batch) {
    std::vector<Vector> keys(batch.columns.begin(), batch.columns.begin() + spec_.keys.size());
    if (!spec_.grouping_sets.empty()) keys.push_back(batch.columns.back());
    VESTO_RETURN_IF_ERROR(FindGroups(keys, batch.rows));
    std::vector<const uint8_t*> sources(batch.rows);
    for (size_t i = 0; i < items_.size(); ++i) {
      const Vector& states = batch.columns[spec_.keys.size() + i];
      if (states.is_constant() || states.is_dictionary()) {
        return absl::InternalError("aggregate states lost their form");
      }
      const StringRef* refs = states.data<StringRef>();
      for (int r = 0; r < batch.rows; ++r) {
        sources[r] = reinterpret_cast<const uint8_t*>(refs[r].data());
      }
      VESTO_RETURN_IF_ERROR(items_[i]->Merge(sources.data(), groups_.data(), batch.rows));
    }
    return absl::OkStatus();
  }

  absl::Status Aggregate(const Batch& batch) {
    VESTO_RETURN_IF_ERROR(evaluator_->Evaluate(batch));
    for (const auto& item : items_) VESTO_RETURN_IF_ERROR(item->Evaluate(batch));
    if (spec_.grouping_sets.empty()) {
      return AggregateKeys(evaluator_->vectors(), {}, 0, batch.rows);
    }
    for (size_t s = 0; s < spec_.grouping_sets.size(); ++s) {
      std::vector<Vector> all, own;
      for (size_t k = 0; k < spec_.keys.size(); ++k) {
        const std::vector<int>& set = spec_.grouping_sets[s];
        if (std::find(set.begin(), set.end(), static_cast<int>(k)) == set.end()) {
          all.push_back(Vector::NullConstant(spec_.keys[k]->type));
        } else {
          all.push_back(evaluator_->vectors()[k]);
          own.push_back(all.back());
        }
      }
      all.push_back(Vector::Constant(Value::Bigint(set_ids_[s])));
      VESTO_RETURN_IF_ERROR(AggregateKeys(all, own, s, batch.rows));
    }
    return absl::OkStatus();
  }

  // One grouping set. `own`: the keys that vary in it; empty: all of `keys`.
  absl::Status AggregateKeys(const std::vector<Vector>& keys, const std::vector<Vector>& own,
                             size_t set, int rows) {
    const std::vector<Vector>& varying = spec_.grouping_sets.empty() ? keys : own;
    const bool adapt = spec_.phase == Phase::kPartial && rows_in_ > kAdaptAfterRows &&
                       !varying.empty() && table_->size() * 2 > rows_in_;
    append_only_ = append_only_ || adapt;
    if (append_only_) {
      // Most rows are groups of their own: no use in looking for their like here.
      keys_.Load(keys, rows);
      VESTO_RETURN_IF_ERROR(table_->AppendAll(keys_, groups_.data()));
      for (int r = 0; r < rows; ++r) InitRow(groups_[r]);
      return UpdateAll(rows);
    }
    if (varying.empty()) {
      keys_.Load(keys, rows);
      bool inserted = false;
      VESTO_ASSIGN_OR_RETURN(uint8_t* row, table_->FindOrInsertRow(keys_, 0, &inserted));
      if (inserted) InitRow(row);
      std::fill_n(groups_.data(), rows, row);
      for (size_t i = 0; i < items_.size(); ++i) {
        VESTO_RETURN_IF_ERROR(NeedsSide(i) ? UpdateSide(i, rows)
                                           : items_[i]->UpdateSingle(rows, row));
      }
      return absl::OkStatus();
    }
    SlotCache& cache = caches_[set];
    if (!cache.Load(varying, rows)) {
      VESTO_RETURN_IF_ERROR(FindGroups(keys, rows));
      return UpdateAll(rows);
    }
    const uint16_t* slots = cache.slots();
    std::vector<uint8_t*>& known = cache.rows();
    bool loaded = false;
    for (int r = 0; r < rows; ++r) {
      uint8_t*& row = known[slots[r]];
      if (row == nullptr) {
        if (!loaded) keys_.Load(keys, rows);
        loaded = true;
        bool inserted = false;
        VESTO_ASSIGN_OR_RETURN(row, table_->FindOrInsertRow(keys_, r, &inserted));
        if (inserted) InitRow(row);
      }
      groups_[r] = row;
    }
    if (cache.num_slots() > kMaxRunSlots) return UpdateAll(rows);
    // Few groups: rows in order of their slot, so that each sum stays in a register.
    int counts[kMaxRunSlots + 1] = {};
    for (int r = 0; r < rows; ++r) ++counts[slots[r]];
    int begins[kMaxRunSlots + 1];
    uint8_t* run_rows[kMaxRunSlots];
    int num_runs = 0, begin = 0;
    for (int slot = 0; slot < cache.num_slots(); ++slot) {
      if (counts[slot] == 0) continue;
      begins[num_runs] = begin;
      run_rows[num_runs++] = known[slot];
      begin += std::exchange(counts[slot], begin);
    }
    begins[num_runs] = begin;
    for (int r = 0; r < rows; ++r) positions_[counts[slots[r]]++] = static_cast<Position>(r);
    for (size_t i = 0; i < items_.size(); ++i) {
      VESTO_RETURN_IF_ERROR(NeedsSide(i) ? UpdateSide(i, rows)
                                         : items_[i]->UpdateRuns(rows, positions_.data(), begins,
                                                                 run_rows, num_runs,
                                                                 groups_.data()));
    }
    return absl::OkStatus();
  }

  absl::Status FindGroups(const std::vector<Vector>& keys, int rows) {
    keys_.Load(keys, rows);
    inserted_.clear();
    VESTO_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), &inserted_));
    for (const Position r : inserted_) InitRow(groups_[r]);
    return absl::OkStatus();
  }

  absl::Status UpdateAll(int rows) {
    for (size_t i = 0; i < items_.size(); ++i) {
      VESTO_RETURN_IF_ERROR(NeedsSide(i) ? UpdateSide(i, rows)
                                         : items_[i]->Update(rows, groups_.data()));
    }
    return absl::OkStatus();
  }

  bool NeedsSide(size_t i) const { return items_[i]->item().distinct || items_[i]->ordered(); }

  // Rows of an item with DISTINCT or WITHIN GROUP: only first occurrences, or held back.
  absl::Status UpdateSide(size_t i, int rows) {
    AggregateItem& item = *items_[i];
    Side& side = sides_[i];
    std::vector<Vector> arguments = item.arguments();
    std::vector<Vector> order_keys = item.order_keys();
    std::vector<uint8_t*> groups(groups_.begin(), groups_.begin() + rows);
    const auto select = [&](const std::vector<Position>& positions) {
      for (Vector& argument : arguments) argument = argument.Gather(positions);
      for (Vector& key : order_keys) key = key.Gather(positions);
      for (size_t p = 0; p < positions.size(); ++p) groups[p] = groups[positions[p]];
      rows = static_cast<int>(positions.size());
    };
    std::vector<Position> positions;
    if (item.NonNullPositions(rows, &positions)) select(positions);
    if (rows == 0) return absl::OkStatus();
    if (side.seen != nullptr) {
      std::vector<Vector> keys;
      if (!one_group()) keys.push_back(Addresses(groups, rows));
      const size_t num_args = item.item().args.size();
      keys.insert(keys.end(), arguments.begin(), arguments.begin() + num_args);
      side.seen_keys->Load(keys, rows);
      std::vector<uint8_t*> found(rows);
      positions.clear();
      VESTO_RETURN_IF_ERROR(side.seen->FindOrInsert(*side.seen_keys, found.data(), &positions));
      if (positions.empty()) return absl::OkStatus();
      if (static_cast<int>(positions.size()) < rows) select(positions);
    }
    if (!item.ordered()) return item.UpdateWith(std::move(arguments), rows, groups.data());
    std::vector<Vector> held;
    held.push_back(Addresses(groups, rows));
    for (Vector& argument : arguments) held.push_back(std::move(argument));
    for (Vector& key : order_keys) held.push_back(std::move(key));
    if (side.held == nullptr) {
      side.held = std::make_unique<RowStore>(static_cast<int>(held.size()), query_->memory);
    }
    return side.held->Append(held, {}, rows);
  }

  static Vector Addresses(const std::vector<uint8_t*>& groups, int rows) {
    Vector result = Vector::Flat(Type::Bigint(), types::PhysicalType::kInt64, rows);
    std::memcpy(result.mutable_data<int64_t>(), groups.data(), sizeof(uint8_t*) * rows);
    return result;
  }

  absl::Status Feed(AggregateItem& item, const RowStore& held) {
    const std::vector<logical::SortKey>& order_by = item.item().within_group;
    const int first_key = held.num_columns() - static_cast<int>(order_by.size());
    std::vector<RowSortKey> keys;
    for (size_t k = 0; k < order_by.size(); ++k) {
      keys.push_back({&held.column(first_key + static_cast<int>(k)), order_by[k].descending,
                      order_by[k].nulls_first});
    }
    std::vector<uint32_t> order;
    VESTO_RETURN_IF_ERROR(
        SortRowNumbers(keys, held.rows(), query_->cancellation, query_->memory, &order));
    for (size_t begin = 0; begin < order.size(); begin += column::kBatchRows) {
      VESTO_RETURN_IF_ERROR(query_->cancellation == nullptr ? absl::OkStatus()
                                                            : query_->cancellation->status());
      const int count = static_cast<int>(std::min<size_t>(column::kBatchRows, order.size() - begin));
      const uint32_t* rows = order.data() + begin;
      const auto* addresses = held.column(0).data<int64_t>();
      for (int r = 0; r < count; ++r) {
        groups_[r] = reinterpret_cast<uint8_t*>(addresses[rows[r]]);
      }
      std::vector<Vector> arguments;
      for (int c = 1; c < first_key; ++c) {
        arguments.push_back(held.column(c).Gather(rows, count, false));
      }
      VESTO_RETURN_IF_ERROR(item.UpdateWith(std::move(arguments), count, groups_.data()));
    }
    return absl::OkStatus();
  }

  const physical::AggregateSpec& spec_;
  QueryContext* const query_;
  const std::vector<KeyForm> forms_;
  KeyBatch keys_;
  const std::vector<int64_t> set_ids_;
  std::unique_ptr<KeyEvaluator> evaluator_;
  std::shared_ptr<column::StringHeap> heap_;  // long strings of states; results pin it
  base::MemoryCharge heap_charge_;
  std::vector<std::unique_ptr<AggregateItem>> items_;
  std::unique_ptr<GroupTable> table_;
  std::vector<Side> sides_;  // empty in the final phase
  std::vector<SlotCache> caches_;  // by grouping set
  int64_t rows_in_ = 0;
  bool append_only_ = false;
  std::vector<uint8_t*> groups_;
  std::vector<Position> positions_, inserted_;
};

// The groups of all slices. Each slice's sink fills its own; scans of a later stream read them.
class AggregateState : public State {
 public:
  explicit AggregateState(int num_places) : groups(num_places) {}
  std::vector<std::shared_ptr<GroupSet>> groups;  // by slice
};

class AggregateSink : public Sink {
 public:
  explicit AggregateSink(std::shared_ptr<GroupSet> groups) : groups_(std::move(groups)) {}

  absl::Status Consume(Batch batch) override { return groups_->Consume(batch); }

  absl::StatusOr<Progress> Finish() override {
    VESTO_RETURN_IF_ERROR(groups_->FinishOrdered());
    return Progress::kDone;
  }

 private:
  std::shared_ptr<GroupSet> groups_;
};

class GroupScan : public Step {
 public:
  // `slot`: where the state keeps the groups.
  GroupScan(std::shared_ptr<GroupSet> groups, std::shared_ptr<GroupSet>* slot)
      : groups_(std::move(groups)), slot_(slot) {}

  absl::StatusOr<Progress> Next(Batch* out) override {
    if (groups_ == nullptr || next_ == groups_->size()) return Progress::kDone;
    const int count =
        static_cast<int>(std::min<int64_t>(column::kBatchRows, groups_->size() - next_));
    VESTO_ASSIGN_OR_RETURN(*out, groups_->Emit(next_, count, groups_));
    next_ += count;
    if (next_ == groups_->size()) {
      // States that were sent keep their table alive. A final state stays where it is: the first
      // peer may still ask whether it is empty.
      if (groups_->spec().phase == Phase::kPartial) slot_->reset();
      groups_.reset();
    }
    return Progress::kBatch;
  }

 private:
  std::shared_ptr<GroupSet> groups_;
  std::shared_ptr<GroupSet>* const slot_;
  int64_t next_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<State>> MakeAggregateState(const physical::AggregateSpec& spec,
                                                          const physical::Step& step,
                                                          const Layout& layout,
                                                          QueryContext* query) {
  return std::make_unique<AggregateState>(query->num_places());
}

absl::StatusOr<std::unique_ptr<Sink>> MakeAggregateSink(const physical::AggregateSpec& spec,
                                                        const physical::Step& step,
                                                        const Layout& layout,
                                                        const StepContext& context) {
  auto& state = context.query->state<AggregateState>(spec.state);
  VESTO_ASSIGN_OR_RETURN(auto groups, GroupSet::Create(spec, layout, context.query));
  state.groups[context.slice] = groups;
  return std::make_unique<AggregateSink>(std::move(groups));
}

absl::StatusOr<std::unique_ptr<Step>> MakeGroupScan(const physical::GroupScanSpec& spec,
                                                    const physical::Step& step,
                                                    const StepContext& context) {
  auto& state = context.query->state<AggregateState>(spec.state);
  std::shared_ptr<GroupSet>& groups = state.groups[context.slice];
  if (groups == nullptr) return std::make_unique<GroupScan>(nullptr, nullptr);
  const physical::AggregateSpec& aggregate = groups->spec();
  if (context.peer == 0 && aggregate.phase != Phase::kPartial) {
    // An aggregate of no rows is a row, where it has no keys.
    bool any = false;
    for (const auto& other : state.groups) any = any || (other != nullptr && other->size() > 0);
    const auto& sets = aggregate.grouping_sets;
    const bool whole = sets.empty() ? aggregate.keys.empty()
                                    : std::any_of(sets.begin(), sets.end(),
                                                  [](const auto& set) { return set.empty(); });
    if (!any && whole) VESTO_RETURN_IF_ERROR(groups->AddEmptyGroups());
  }
  return std::make_unique<GroupScan>(groups, &groups);
}

}  // namespace vesto::exec
