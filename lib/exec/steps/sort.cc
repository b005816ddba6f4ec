#include "exec/steps/sort.h"

#include <algorithm>

#include "base/status_macros.h"
#include "exec/steps/row_sort.h"
#include "exec/steps/row_store.h"
#include "expr/evaluator.h"

namespace vesto::exec {
namespace {

using column::Position;

// One slice's sorted rows. Written by its sink, read by the scan of a later stream.
struct SortedRun {
  std::shared_ptr<RowStore> rows;  // null: the slice had no sink
  std::vector<uint32_t> order;
  base::MemoryCharge charge;
};

class SortState : public State {
 public:
  explicit SortState(int num_places) : runs(num_places) {}
  std::vector<SortedRun> runs;  // by slice
};

class SortSink : public Sink {
 public:
  SortSink(const physical::SortSpec& spec, SortedRun& run, const StepContext& context)
      : spec_(spec), run_(run), context_(context) {}

  absl::Status Init(const Layout& layout) {
    const int num_columns = static_cast<int>(layout.size());
    base::MemoryPool* memory = context_.query->memory;
    run_.rows = std::make_shared<RowStore>(num_columns, memory);
    for (const logical::SortKey& key : spec_.keys) {
      Source source;
      if (key.expression->is_column()) {
        const auto at = std::find(layout.begin(), layout.end(), key.expression->column);
        if (at != layout.end()) source.column = static_cast<int>(at - layout.begin());
      }
      if (source.column < 0) {
        VESTO_ASSIGN_OR_RETURN(source.evaluator,
                               expr::Evaluator::Compile(*key.expression, layout,
                                                        *context_.query->eval));
        source.computed = num_computed_++;
      }
      sources_.push_back(std::move(source));
    }
    computed_ = std::make_unique<RowStore>(num_computed_, memory);
    computed_vectors_.resize(num_computed_);
    return absl::OkStatus();
  }

  absl::Status Consume(column::Batch batch) override {
    if (spec_.limit == 0) return absl::OkStatus();
    column::Vector first;
    for (size_t k = 0; k < sources_.size(); ++k) {
      Source& source = sources_[k];
      if (source.computed >= 0) {
        VESTO_ASSIGN_OR_RETURN(computed_vectors_[source.computed],
                               source.evaluator->Evaluate(batch));
      }
      if (k == 0) {
        first = source.computed >= 0 ? computed_vectors_[source.computed]
                                     : batch.columns[source.column];
      }
    }
    positions_.clear();
    if (has_threshold_) {
      // Rows behind the last one that top-n keeps are gone before anything is copied.
      images_.resize(batch.rows);
      CoarseImages(first, batch.rows, spec_.keys[0].descending, spec_.keys[0].nulls_first,
                   images_.data());
      for (int i = 0; i < batch.rows; ++i) {
        if (images_[i] <= threshold_) positions_.push_back(static_cast<Position>(i));
      }
      if (positions_.empty()) return absl::OkStatus();
      if (static_cast<int>(positions_.size()) == batch.rows) positions_.clear();
    }
    VESTO_RETURN_IF_ERROR(run_.rows->Append(batch.columns, positions_, batch.rows));
    stored_ += positions_.empty() ? batch.rows : positions_.size();
    if (num_computed_ > 0) {
      VESTO_RETURN_IF_ERROR(computed_->Append(computed_vectors_, positions_, batch.rows));
    }
    if (spec_.limit > 0 && stored_ > 2 * spec_.limit + 2 * column::kBatchRows) return Prune();
    return absl::OkStatus();
  }

  absl::StatusOr<Progress> Finish() override {
    VESTO_RETURN_IF_ERROR(Sort());
    if (spec_.limit >= 0 && static_cast<int64_t>(run_.order.size()) > spec_.limit) {
      run_.order.resize(spec_.limit);
    }
    if (context_.counters != nullptr) {
      context_.counters->work_memory += run_.rows->bytes() + computed_->bytes();
    }
    run_.charge = base::MemoryCharge(context_.query->memory);
    VESTO_RETURN_IF_ERROR(
        run_.charge.Grow(static_cast<int64_t>(run_.order.size() * sizeof(uint32_t))));
    computed_.reset();
    return Progress::kDone;
  }

 private:
  struct Source {
    int column = -1;    // of the input, or
    int computed = -1;  // of computed_
    std::unique_ptr<expr::Evaluator> evaluator;
  };

  absl::Status Sort() {
    std::vector<RowSortKey> keys;
    for (size_t k = 0; k < sources_.size(); ++k) {
      const Source& source = sources_[k];
      keys.push_back({source.computed >= 0 ? &computed_->column(source.computed)
                                           : &run_.rows->column(source.column),
                      spec_.keys[k].descending, spec_.keys[k].nulls_first});
    }
    return SortRowNumbers(keys, static_cast<uint32_t>(stored_), context_.query->cancellation,
                          context_.query->memory, &run_.order);
  }

  // Forgets all rows but the first `limit`, and learns what later rows must beat.
  absl::Status Prune() {
    VESTO_RETURN_IF_ERROR(Sort());
    run_.order.resize(spec_.limit);
    base::MemoryPool* memory = context_.query->memory;
    VESTO_ASSIGN_OR_RETURN(run_.rows, run_.rows->Select(run_.order, memory));
    if (num_computed_ > 0) {
      VESTO_ASSIGN_OR_RETURN(computed_, computed_->Select(run_.order, memory));
    }
    stored_ = spec_.limit;
    if (sources_.empty()) return absl::OkStatus();
    const Source& source = sources_[0];
    const StoredColumn& column = source.computed >= 0 ? computed_->column(source.computed)
                                                      : run_.rows->column(source.column);
    const uint32_t last = static_cast<uint32_t>(stored_ - 1);
    const column::Vector value = column.Gather(&last, 1, false);
    CoarseImages(value, 1, spec_.keys[0].descending, spec_.keys[0].nulls_first, &threshold_);
    has_threshold_ = true;
    return absl::OkStatus();
  }

  const physical::SortSpec& spec_;
  SortedRun& run_;
  const StepContext context_;
  std::vector<Source> sources_;
  int num_computed_ = 0;
  std::unique_ptr<RowStore> computed_;  // keys that are no input columns
  std::vector<column::Vector> computed_vectors_;
  int64_t stored_ = 0;
  bool has_threshold_ = false;
  uint64_t threshold_ = 0;
  std::vector<uint64_t> images_;
  std::vector<Position> positions_;
};

class SortedScan : public Step {
 public:
  SortedScan(SortedRun& run, size_t num_columns) : run_(run), num_columns_(num_columns) {}

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    if (next_ == run_.order.size()) {
      // Nobody reads a run twice.
      run_.rows.reset();
      run_.order.clear();
      run_.charge.Clear();
      next_ = 0;
      return Progress::kDone;
    }
    const int count =
        static_cast<int>(std::min<size_t>(column::kBatchRows, run_.order.size() - next_));
    std::vector<column::Vector> columns;
    columns.reserve(num_columns_);
    for (size_t c = 0; c < num_columns_; ++c) {
      columns.push_back(
          run_.rows->column(static_cast<int>(c)).Gather(run_.order.data() + next_, count, false));
    }
    next_ += count;
    *out = column::Batch(std::move(columns), count);
    return Progress::kBatch;
  }

 private:
  SortedRun& run_;
  const size_t num_columns_;
  size_t next_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<State>> MakeSortState(const physical::SortSpec& spec,
                                                     const physical::Step& step,
                                                     const Layout& layout, QueryContext* query) {
  (void)spec;
  (void)step;
  (void)layout;
  return std::make_unique<SortState>(query->num_places());
}

absl::StatusOr<std::unique_ptr<Sink>> MakeSortSink(const physical::SortSpec& spec,
                                                   const physical::Step& step,
                                                   const Layout& layout,
                                                   const StepContext& context) {
  (void)step;
  auto& state = context.query->state<SortState>(spec.state);
  auto& run = state.runs[context.slice];
  run = SortedRun();
  auto sink = std::make_unique<SortSink>(spec, run, context);
  VESTO_RETURN_IF_ERROR(sink->Init(layout));
  return sink;
}

absl::StatusOr<std::unique_ptr<Step>> MakeSortedScan(const physical::SortedScanSpec& spec,
                                                     const physical::Step& step,
                                                     const StepContext& context) {
  auto& state = context.query->state<SortState>(spec.state);
  return std::make_unique<SortedScan>(state.runs[context.slice], step.output.size());
}

}  // namespace vesto::exec
