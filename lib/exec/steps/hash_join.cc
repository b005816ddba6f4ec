#include "exec/steps/hash_join.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/hash.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "exec/steps/hash_table.h"
#include "exec/steps/pair_join.h"

namespace vesto::exec {
namespace {

using column::Batch;
using column::Position;
using column::StringRef;
using column::Vector;
using logical::JoinType;

class BuildState : public HashBuildState {
 public:
  BuildState(const physical::HashBuildSpec& spec, const Layout& layout, QueryContext* query)
      : spec_(spec), query_(query), tables_(spec.shared ? 1 : query->num_places()) {}

  const physical::HashBuildSpec& spec() const { return spec_; }

  // The table that a new sink fills. A recursive query builds it anew in every round.
  JoinTable& TableToFill(const StepContext& context) {
    base::MutexLock lock(mutex_);
    std::unique_ptr<JoinTable>& table = tables_[spec_.shared ? 0 : context.slice];
    if (table == nullptr || table->complete()) {
      table = std::make_unique<JoinTable>(spec_, query_, spec_.shared ? context.num_peers : 1);
      filter_.reset();
    }
    return *table;
  }

  // The table that probes on `slice` see; null when no sink ran there.
  JoinTable* table(int slice) const { return tables_[spec_.shared ? 0 : slice].get(); }
  int64_t rows(int slice) const override {
    const JoinTable* found = table(slice);
    return found == nullptr ? 0 : found->rows();
  }

  std::shared_ptr<const column::MembershipFilter> filter() override {
    base::MutexLock lock(mutex_);
    if (filter_ == nullptr) filter_ = MakeFilter();
    return filter_;
  }

 private:
  std::shared_ptr<const column::MembershipFilter> MakeFilter() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (spec_.keys.size() != 1 || spec_.nulls_equal) return nullptr;
    const KeyForm form = KeyFormOf(spec_.keys[0]->type);
    if (form.kind == KeyKind::kInt) {
      const JoinTable* only = nullptr;
      int filled = 0;
      for (const auto& table : tables_) {
        if (table == nullptr || table->kind() == JoinTable::Kind::kEmpty) continue;
        only = table.get();
        ++filled;
      }
      if (filled == 1 && only->shared_bitmap() != nullptr) {
        return column::MembershipFilter::OfBitmap(
            only->min(), static_cast<int64_t>(static_cast<uint64_t>(only->min()) + only->range()),
            only->shared_bitmap(), only->table_rows());
      }
      std::vector<int64_t> keys;
      for (const auto& table : tables_) {
        if (table != nullptr) table->AppendIntKeys(&keys);
      }
      return column::MembershipFilter::Of(keys);
    }
    if (form.kind == KeyKind::kString && !form.folds) {
      std::vector<uint64_t> hashes;
      for (const auto& table : tables_) {
        if (table == nullptr || table->kind() == JoinTable::Kind::kEmpty) continue;
        const StringRef* keys = table->keys().data<StringRef>(0);
        for (int64_t r = 0; r < table->keys().rows(); ++r) {
          hashes.push_back(base::HashString(keys[r].view()));
        }
      }
      return column::MembershipFilter::OfStringHashes(hashes);
    }
    return nullptr;
  }

  const physical::HashBuildSpec& spec_;
  QueryContext* const query_;
  mutable base::Mutex mutex_;
  // Made by sinks under the mutex; read without it once the build's stream has ended.
  std::vector<std::unique_ptr<JoinTable>> tables_;
  std::shared_ptr<const column::MembershipFilter> filter_ ABSL_GUARDED_BY(mutex_);
};

class BuildSink : public Sink {
 public:
  // `stored_columns`: positions of the columns that the table keeps.
  BuildSink(const physical::HashBuildSpec& spec, JoinTable& table, std::vector<int> stored_columns,
            std::unique_ptr<KeyEvaluator> evaluator, const StepContext& context)
      : spec_(spec),
        table_(table),
        stored_columns_(std::move(stored_columns)),
        evaluator_(std::move(evaluator)),
        keys_(evaluator_->forms()),
        context_(context),
        part_(std::make_unique<BuildPart>(spec, evaluator_->forms(), context.query->memory)) {}

  absl::Status Consume(Batch batch) override {
    VESTO_RETURN_IF_ERROR(evaluator_->Evaluate(batch));
    keys_.Load(evaluator_->vectors(), batch.rows);
    const uint8_t* nulls = keys_.any_null();
    part_->any_null = part_->any_null || nulls != nullptr;
    const bool keep_nulls = spec_.nulls_equal || spec_.num_compared > 0 || spec_.tracks_matches;
    kept_.clear();
    if (nulls != nullptr && !keep_nulls) {
      // Such a row never matches: it need not be here.
      for (int i = 0; i < batch.rows; ++i) {
        if (nulls[i] == 0) kept_.push_back(static_cast<Position>(i));
      }
      if (kept_.empty()) return absl::OkStatus();
    }
    const int count = kept_.empty() ? batch.rows : static_cast<int>(kept_.size());
    if (nulls != nullptr && keep_nulls && !spec_.nulls_equal) {
      for (int i = 0; i < batch.rows; ++i) {
        if (nulls[i] != 0) part_->null_rows.push_back(static_cast<uint32_t>(part_->rows + i));
      }
    }
    if (part_->payload != nullptr) {
      stored_.clear();
      for (const int column : stored_columns_) stored_.push_back(batch.columns[column]);
      VESTO_RETURN_IF_ERROR(part_->payload->Append(stored_, kept_, batch.rows));
    }
    VESTO_RETURN_IF_ERROR(part_->keys.Append(keys_, kept_));
    if (table_.single_int()) {
      const int64_t* values = keys_.column(0).As<int64_t>();
      for (int i = 0; i < batch.rows; ++i) {
        if (nulls != nullptr && nulls[i] != 0) continue;
        part_->min = std::min(part_->min, values[i]);
        part_->max = std::max(part_->max, values[i]);
      }
    }
    if (!table_.single_int() || spec_.nulls_equal) {
      VESTO_RETURN_IF_ERROR(part_->charge.Grow(count * static_cast<int64_t>(sizeof(uint64_t))));
      const uint64_t* hashes = keys_.hashes();
      if (kept_.empty()) {
        part_->hashes.insert(part_->hashes.end(), hashes, hashes + count);
      } else {
        for (const Position i : kept_) part_->hashes.push_back(hashes[i]);
      }
    }
    part_->rows += count;
    return absl::OkStatus();
  }

  absl::StatusOr<Progress> Finish() override {
    const int index = spec_.shared ? context_.peer : 0;
    switch (phase_) {
      case Phase::kCollect:
        VESTO_RETURN_IF_ERROR(table_.Deliver(index, std::move(part_)));
        phase_ = Phase::kPlace;
        return Progress::kBatch;
      case Phase::kPlace:
        if (!table_.planned()) return Progress::kBlocked;
        VESTO_RETURN_IF_ERROR(table_.Place(index));
        phase_ = Phase::kBuild;
        return Progress::kBatch;
      case Phase::kBuild:
        if (!table_.placed()) return Progress::kBlocked;
        VESTO_RETURN_IF_ERROR(table_.Build(index));
        phase_ = Phase::kDone;
        return Progress::kDone;
      case Phase::kDone: return Progress::kDone;
    }
    return Progress::kDone;
  }

 private:
  enum class Phase : uint8_t { kCollect, kPlace, kBuild, kDone };

  const physical::HashBuildSpec& spec_;
  JoinTable& table_;
  const std::vector<int> stored_columns_;
  std::unique_ptr<KeyEvaluator> evaluator_;
  KeyBatch keys_;
  const StepContext context_;
  std::unique_ptr<BuildPart> part_;
  std::vector<Position> kept_;
  std::vector<Vector> stored_;
  Phase phase_ = Phase::kCollect;
};

// Whether build row `row` has the key of probe row `i`, for key `k`.
template <typename T>
bool SameKey(const KeyColumn& probe, const KeyStore& build, int k, Position i, uint32_t row) {
  return probe.As<T>()[i] == build.data<T>(k)[row];
}

class HashJoin : public PairJoin {
 public:
  HashJoin(Options options, const physical::HashJoinSpec& spec, const BuildState& state,
           std::unique_ptr<KeyEvaluator> evaluator, std::unique_ptr<Step> input,
           const StepContext& context)
      : PairJoin(std::move(options), std::move(input), context),
        table_(state.table(context.slice)),
        nulls_equal_(spec.nulls_equal),
        num_compared_(state.spec().num_compared),
        evaluator_(std::move(evaluator)),
        keys_(table_ == nullptr ? evaluator_->forms() : table_->forms()) {}
  using PairJoin::Init;

 protected:
  absl::Status StartBatch(const Batch& batch) override {
    num_found_ = 0;
    cursor_ = 0;
    if (table_ == nullptr || table_->rows() == 0) return absl::OkStatus();
    VESTO_RETURN_IF_ERROR(evaluator_->Evaluate(batch));
    keys_.Load(evaluator_->vectors(), batch.rows);
    found_.resize(batch.rows);
    at_.resize(batch.rows);
    end_.resize(batch.rows);
    switch (table_->kind()) {
      case JoinTable::Kind::kEmpty: break;
      case JoinTable::Kind::kBitmap: FindInBitmap(batch.rows); break;
      case JoinTable::Kind::kDense: FindDense(batch.rows); break;
      case JoinTable::Kind::kHashed: FindHashed(batch.rows); break;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> NextPairs() override {
    if (num_found_ == 0) return false;
    const JoinTable::Kind kind = table_->kind();
    const bool first_only = existence_only() && !has_condition();
    if (kind == JoinTable::Kind::kBitmap ||
        (kind == JoinTable::Kind::kDense && (table_->unique() || first_only))) {
      positions_.assign(found_.begin(), found_.begin() + num_found_);
      rows_.assign(at_.begin(), at_.begin() + num_found_);
      return false;
    }
    if (kind == JoinTable::Kind::kDense) {
      const uint32_t* next = table_->next();
      while (cursor_ < num_found_ && static_cast<int>(positions_.size()) < column::kBatchRows) {
        const Position i = found_[cursor_];
        const uint32_t row = at_[cursor_];
        positions_.push_back(i);
        rows_.push_back(row);
        at_[cursor_] = next[row];
        if (next[row] == kNoRow) ++cursor_;
      }
      return cursor_ < num_found_;
    }
    if (table_->tuple_keys() != nullptr) {
      NextIntTuples(first_only);
    } else {
      NextTuples();
      for (int k = 0; k < keys_.num_columns(); ++k) CompareKey(k);
    }
    return cursor_ < num_found_;
  }

  Vector BuildColumn(int c, const uint32_t* rows, int count, bool may_miss) override {
    if (table_ == nullptr || table_->payload() == nullptr || table_->payload()->rows() == 0) {
      for (size_t i = 0; i < options().build_output.size(); ++i) {
        if (options().build_output[i] == c) return Vector::NullConstant(options().output_types[i]);
      }
      return Vector::NullConstant(Type::Unknown());
    }
    return table_->payload()->column(c).Gather(rows, count, may_miss);
  }

  void MarkBuildRows(const uint32_t* rows, int count) override {
    uint8_t* matched = table_->matched();
    for (int i = 0; i < count; ++i) {
      // Several slices may say the same of one row; UnmatchedScan reads after this stream.
      std::atomic_ref<uint8_t> flag(matched[rows[i]]);
      if (flag.load(std::memory_order_relaxed) == 0) flag.store(1, std::memory_order_relaxed);
    }
  }

  // NOT IN and marks of IN. The answer for a row without a match is NULL when its set (the build rows
  // that agree with it in the keys that IN does not compare, and in the condition) has a row that
  // differs nowhere for sure: in each compared key they are equal, or one of them is NULL.
  absl::Status FindUnknown(const Batch& batch, std::vector<uint8_t>* unknown) override {
    if (num_compared_ == 0 || table_ == nullptr || table_->rows() == 0) return absl::OkStatus();
    if (keys_.num_columns() == 1 && !has_condition()) {
      const uint8_t* nulls = keys_.column(0).nulls;
      for (int i = 0; i < batch.rows; ++i) {
        (*unknown)[i] = table_->any_null() || (nulls != nullptr && nulls[i] != 0);
      }
      return absl::OkStatus();
    }
    const auto try_row = [&](Position i, uint32_t begin, uint32_t end,
                             const uint32_t* numbers) -> absl::Status {
      while (begin < end && (*unknown)[i] == 0) {
        positions_.clear();
        rows_.clear();
        for (; begin < end && static_cast<int>(rows_.size()) < column::kBatchRows; ++begin) {
          positions_.push_back(i);
          rows_.push_back(numbers == nullptr ? begin : numbers[begin]);
        }
        // One integer key has no stored keys: its candidates are the NULLs, or all for a NULL.
        if (keys_.num_columns() > 1) {
          for (int k = 0; k < keys_.num_columns(); ++k) CompareKey(k, k < num_compared_);
        }
        VESTO_RETURN_IF_ERROR(ApplyCondition(batch, false));
        if (!rows_.empty()) (*unknown)[i] = 1;
        if (context_.query->cancellation != nullptr) {
          VESTO_RETURN_IF_ERROR(context_.query->cancellation->status());
        }
      }
      return absl::OkStatus();
    };
    // A row without NULLs can only be in doubt about build rows with a NULL.
    const std::vector<uint32_t>& null_rows = table_->null_rows();
    for (int i = 0; i < batch.rows; ++i) {
      if (matched()[i] != 0) continue;
      bool has_null = false;
      for (int k = 0; k < num_compared_; ++k) {
        const uint8_t* nulls = keys_.column(k).nulls;
        has_null = has_null || (nulls != nullptr && nulls[i] != 0);
      }
      if (has_null) {
        VESTO_RETURN_IF_ERROR(try_row(static_cast<Position>(i), 0,
                                      static_cast<uint32_t>(table_->rows()), nullptr));
      } else {
        VESTO_RETURN_IF_ERROR(try_row(static_cast<Position>(i), 0,
                                      static_cast<uint32_t>(null_rows.size()), null_rows.data()));
      }
    }
    return absl::OkStatus();
  }

 private:
  // Candidates: found_[c] is the probe row, at_[c] the build row or first tuple, end_[c] the end.
  void FindInBitmap(int rows) {
    const int64_t* keys = keys_.column(0).As<int64_t>();
    const uint8_t* nulls = keys_.column(0).nulls;
    const uint64_t* bits = table_->bitmap();
    const auto min = static_cast<uint64_t>(table_->min());
    const uint64_t range = table_->range();
    int n = 0;
    for (int i = 0; i < rows; ++i) {
      // No branch on the key: half of them may miss.
      const uint64_t at = static_cast<uint64_t>(keys[i]) - min;
      const uint64_t safe = std::min(at, range);
      const uint64_t hit = (bits[safe >> 6] >> (safe & 63)) & static_cast<uint64_t>(at <= range);
      found_[n] = static_cast<Position>(i);
      n += static_cast<int>(hit & 1);
    }
    if (nulls != nullptr) {
      int kept = 0;
      for (int c = 0; c < n; ++c) {
        found_[kept] = found_[c];
        kept += 1 - nulls[found_[c]];
      }
      n = kept;
    }
    std::fill_n(at_.begin(), n, 0u);
    num_found_ = n;
  }

  void FindDense(int rows) {
    const int64_t* keys = keys_.column(0).As<int64_t>();
    const uint8_t* nulls = keys_.column(0).nulls;
    const uint32_t* heads = table_->heads();
    const auto min = static_cast<uint64_t>(table_->min());
    const uint64_t range = table_->range();
    int n = 0;
    for (int i = 0; i < rows; ++i) {
      const uint64_t at = static_cast<uint64_t>(keys[i]) - min;
      const uint32_t row = heads[std::min(at, range)];
      found_[n] = static_cast<Position>(i);
      at_[n] = row;
      n += static_cast<int>(at <= range) & static_cast<int>(row != kNoRow);
    }
    if (nulls != nullptr) {
      int kept = 0;
      for (int c = 0; c < n; ++c) {
        found_[kept] = found_[c];
        at_[kept] = at_[c];
        kept += 1 - nulls[found_[c]];
      }
      n = kept;
    }
    num_found_ = n;
  }

  void FindHashed(int rows) {
    const uint64_t* hashes = keys_.hashes();
    // A NULL finds its like only where the table holds NULLs.
    const bool takes_nulls = nulls_equal_ && table_->tuple_keys() == nullptr;
    const uint8_t* nulls = takes_nulls ? nullptr : keys_.any_null();
    const uint64_t* directory = table_->directory();
    const int shift = table_->hash_shift();
    int n = 0;
    for (int i = 0; i < rows; ++i) {
      const uint64_t hash = hashes[i];
      const uint64_t slot = hash >> shift;
      const uint64_t entry = directory[slot + 1];
      const uint16_t tag = JoinTable::TagOf(hash);
      found_[n] = static_cast<Position>(i);
      at_[n] = static_cast<uint32_t>(directory[slot] >> 16);
      end_[n] = static_cast<uint32_t>(entry >> 16);
      n += (static_cast<uint16_t>(entry) & tag) == tag ? 1 : 0;
    }
    if (nulls != nullptr) {
      int kept = 0;
      for (int c = 0; c < n; ++c) {
        found_[kept] = found_[c];
        at_[kept] = at_[c];
        end_[kept] = end_[c];
        kept += 1 - nulls[found_[c]];
      }
      n = kept;
    }
    num_found_ = n;
  }

  void NextIntTuples(bool first_only) {
    const int64_t* keys = keys_.column(0).As<int64_t>();
    const int64_t* tuple_keys = table_->tuple_keys();
    const uint32_t* tuple_rows = table_->tuple_rows();
    // Appended without a branch on the comparison. A block ends before the row that might not fit.
    positions_.resize(column::kBatchRows);
    rows_.resize(column::kBatchRows);
    size_t n = 0;
    for (; cursor_ < num_found_; ++cursor_) {
      const Position i = found_[cursor_];
      const int64_t key = keys[i];
      uint32_t at = at_[cursor_];
      const uint32_t end = end_[cursor_];
      if (n + (end - at) > static_cast<size_t>(column::kBatchRows)) {
        if (n > 0) break;
        // One row with more tuples than a batch.
        const uint32_t stop = at + column::kBatchRows;
        for (; at < stop; ++at) {
          positions_[n] = i;
          rows_[n] = tuple_rows[at];
          n += tuple_keys[at] == key ? 1 : 0;
        }
        at_[cursor_] = stop;
        break;
      }
      if (first_only) {
        for (; at < end; ++at) {
          if (tuple_keys[at] != key) continue;
          positions_[n] = i;
          rows_[n++] = tuple_rows[at];
          break;
        }
        continue;
      }
      for (; at < end; ++at) {
        positions_[n] = i;
        rows_[n] = tuple_rows[at];
        n += tuple_keys[at] == key ? 1 : 0;
      }
    }
    positions_.resize(n);
    rows_.resize(n);
  }

  void NextTuples() {
    const uint64_t* hashes = keys_.hashes();
    const uint32_t* tuple_hashes = table_->tuple_hashes();
    const uint32_t* tuple_rows = table_->tuple_rows();
    const bool skip_matched = existence_only();
    for (; cursor_ < num_found_; ++cursor_) {
      const Position i = found_[cursor_];
      if (skip_matched && matched()[i] != 0) continue;
      const uint32_t hash = JoinTable::TupleHash(hashes[i]);
      uint32_t at = at_[cursor_];
      for (const uint32_t end = end_[cursor_]; at < end; ++at) {
        if (tuple_hashes[at] != hash) continue;
        if (static_cast<int>(positions_.size()) == column::kBatchRows) {
          at_[cursor_] = at;
          return;
        }
        positions_.push_back(i);
        rows_.push_back(tuple_rows[at]);
      }
    }
  }

  // Keeps the pairs that agree in key `k`; with `null_fits` also those with a NULL there.
  void CompareKey(int k, bool null_fits = false) {
    const KeyColumn& probe = keys_.column(k);
    const KeyStore& build = table_->keys();
    const uint8_t* build_nulls = build.nulls(k);
    size_t kept = 0;
    const auto keep = [&](auto&& same) {
      const size_t count = positions_.size();
      if (probe.nulls == nullptr && build_nulls == nullptr) {
        for (size_t p = 0; p < count; ++p) {
          const Position i = positions_[p];
          const uint32_t row = rows_[p];
          positions_[kept] = i;
          rows_[kept] = row;
          kept += same(i, row) ? 1 : 0;
        }
        return;
      }
      for (size_t p = 0; p < count; ++p) {
        const Position i = positions_[p];
        const uint32_t row = rows_[p];
        const bool null_probe = probe.nulls != nullptr && probe.nulls[i] != 0;
        const bool null_build = build_nulls != nullptr && build_nulls[row] != 0;
        const bool equal = null_probe || null_build
                               ? null_fits || (nulls_equal_ && null_probe && null_build)
                               : same(i, row);
        positions_[kept] = i;
        rows_[kept] = row;
        kept += equal ? 1 : 0;
      }
    };
    switch (probe.form.kind) {
      case KeyKind::kInt:
      case KeyKind::kDouble:
        keep([&](Position i, uint32_t row) { return SameKey<uint64_t>(probe, build, k, i, row); });
        break;
      case KeyKind::kInt128:
        keep([&](Position i, uint32_t row) { return SameKey<int128_t>(probe, build, k, i, row); });
        break;
      case KeyKind::kString:
        keep([&](Position i, uint32_t row) { return SameKey<StringRef>(probe, build, k, i, row); });
        break;
    }
    positions_.resize(kept);
    rows_.resize(kept);
  }

  JoinTable* const table_;
  const bool nulls_equal_;
  const int num_compared_;
  std::unique_ptr<KeyEvaluator> evaluator_;
  KeyBatch keys_;
  std::vector<Position> found_;
  std::vector<uint32_t> at_, end_;
  int num_found_ = 0, cursor_ = 0;
};

class UnmatchedScan : public Step {
 public:
  UnmatchedScan(const BuildState& state, const physical::Step& step, const StepContext& context)
      : table_(state.table(context.slice)), output_(step.output) {
    for (const logical::OutputColumn& column : step.output) {
      const auto& layout = state.spec().layout;
      const auto at = std::find(layout.begin(), layout.end(), column.id);
      sources_.push_back(at == layout.end() ? -1 : static_cast<int>(at - layout.begin()));
    }
    if (table_ == nullptr || table_->payload() == nullptr) return;
    const int64_t rows = table_->rows();
    if (state.spec().shared) {
      next_ = rows * context.peer / context.num_peers;
      end_ = rows * (context.peer + 1) / context.num_peers;
    } else {
      end_ = rows;
    }
  }

  absl::StatusOr<Progress> Next(Batch* out) override {
    rows_.clear();
    for (; next_ < end_ && static_cast<int>(rows_.size()) < column::kBatchRows; ++next_) {
      if (table_->matched()[next_] == 0) rows_.push_back(static_cast<uint32_t>(next_));
    }
    if (rows_.empty()) return Progress::kDone;
    const int count = static_cast<int>(rows_.size());
    Batch batch;
    batch.rows = count;
    for (size_t c = 0; c < sources_.size(); ++c) {
      batch.columns.push_back(
          sources_[c] < 0 ? Vector::NullConstant(output_[c].type)
                          : table_->payload()->column(sources_[c]).Gather(rows_.data(), count, false));
    }
    *out = std::move(batch);
    return Progress::kBatch;
  }

 private:
  JoinTable* const table_;
  const std::vector<logical::OutputColumn>& output_;
  std::vector<int> sources_;  // column of the build side; -1: NULL
  int64_t next_ = 0, end_ = 0;
  std::vector<uint32_t> rows_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<State>> MakeHashBuildState(const physical::HashBuildSpec& spec,
                                                          const physical::Step& step,
                                                          const Layout& layout,
                                                          QueryContext* query) {
  return std::make_unique<BuildState>(spec, layout, query);
}

absl::StatusOr<std::unique_ptr<Sink>> MakeHashBuildSink(const physical::HashBuildSpec& spec,
                                                        const physical::Step& step,
                                                        const Layout& layout,
                                                        const StepContext& context) {
  auto& state = context.query->state<BuildState>(spec.state);
  VESTO_ASSIGN_OR_RETURN(auto evaluator,
                         KeyEvaluator::Create(spec.keys, layout, *context.query->eval));
  std::vector<int> stored_columns;
  for (const expr::ColumnId id : spec.layout) {
    const auto at = std::find(layout.begin(), layout.end(), id);
    if (at == layout.end()) return absl::InternalError("a hash table loses a column");
    stored_columns.push_back(static_cast<int>(at - layout.begin()));
  }
  return std::make_unique<BuildSink>(spec, state.TableToFill(context), std::move(stored_columns),
                                     std::move(evaluator), context);
}

absl::StatusOr<std::unique_ptr<Step>> MakeHashJoin(const physical::HashJoinSpec& spec,
                                                   const physical::Step& step, const Layout& layout,
                                                   std::unique_ptr<Step> input,
                                                   const StepContext& context) {
  const auto& state = context.query->state<BuildState>(spec.state);
  VESTO_ASSIGN_OR_RETURN(auto evaluator,
                         KeyEvaluator::Create(spec.probe_keys, layout, *context.query->eval));
  const auto& build_keys = state.spec().keys;
  for (size_t k = 0; k < build_keys.size(); ++k) {
    const auto family = [](const KeyForm& form) {
      return form.kind == KeyKind::kInt128 ? KeyKind::kInt : form.kind;
    };
    if (build_keys.size() != spec.probe_keys.size() ||
        family(KeyFormOf(build_keys[k]->type)) != family(evaluator->forms()[k])) {
      return absl::InternalError("the keys of a hash join have different types");
    }
  }
  PairJoin::Options options;
  options.type = spec.type;
  options.condition = spec.residual.get();
  options.build_layout = spec.build_layout;
  for (const expr::ColumnId id : spec.build_output) {
    const auto at = std::find(spec.build_layout.begin(), spec.build_layout.end(), id);
    if (at == spec.build_layout.end()) return absl::InternalError("a join loses a build column");
    options.build_output.push_back(static_cast<int>(at - spec.build_layout.begin()));
  }
  for (size_t i = layout.size(); i < step.output.size(); ++i) {
    options.output_types.push_back(step.output[i].type);
  }
  auto join = std::make_unique<HashJoin>(std::move(options), spec, state, std::move(evaluator),
                                         std::move(input), context);
  VESTO_RETURN_IF_ERROR(join->Init(layout));
  return join;
}

absl::StatusOr<std::unique_ptr<Step>> MakeUnmatchedScan(const physical::UnmatchedScanSpec& spec,
                                                        const physical::Step& step,
                                                        const StepContext& context) {
  return std::make_unique<UnmatchedScan>(context.query->state<BuildState>(spec.state), step,
                                         context);
}

}  // namespace vesto::exec
