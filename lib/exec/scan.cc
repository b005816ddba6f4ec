#include "exec/scan.h"

#include <algorithm>

#include "base/status_macros.h"
#include "exec/scan_predicates.h"
#include "exec/steps/hash_join.h"
#include "exec/storage_access.h"
#include "expr/evaluator.h"
#include "storage/shard_scan.h"

namespace vesto::exec {
namespace {

using column::Batch;
using column::Position;
using column::Vector;

// Reads the rows of one shard that the statement sees and its conjuncts accept.
class ScanStep : public Step {
 public:
  ScanStep(const physical::ScanSpec& spec, const StepContext& context)
      : spec_(spec), context_(context), counters_(*context.counters) {}

  absl::Status Init(const physical::Step& step) {
    VESTO_ASSIGN_OR_RETURN(ScanPredicates predicates,
                           CompileScanPredicates(spec_, step.output, *context_.query->eval));
    if (predicates.never) return absl::OkStatus();
    if (predicates.residual != nullptr) {
      VESTO_ASSIGN_OR_RETURN(residual_,
                             expr::Evaluator::Compile(*predicates.residual, LayoutOf(step.output),
                                                      *context_.query->eval));
    }
    AddRuntimeFilters(step, &predicates.pushed);
    StorageAccess& storage = *context_.query->storage;
    // A DISTSTYLE ALL table has one physical copy, on slice 0; all slices share its row groups.
    const bool replicated = spec_.table->design.dist_style == types::DistStyle::kAll;
    if (replicated) {
      std::shared_ptr<storage::ShardScan>& shared = storage.shared_scans[&spec_];
      if (shared == nullptr) shared = OpenScan(storage.shards->store(0), step, predicates);
      scan_ = shared;
      home_slice_ = 0;
    } else {
      scan_ = OpenScan(storage.shards->store(context_.slice), step, predicates);
      home_slice_ = context_.slice;
    }
    if (scan_ != nullptr) reader_ = scan_->NewReader();
    return absl::OkStatus();
  }

  absl::StatusOr<Progress> Next(Batch* out) override {
    if (reader_ == nullptr) return Progress::kDone;
    while (true) {
      *out = Batch();
      VESTO_ASSIGN_OR_RETURN(const bool more, reader_->Next(out));
      Count();
      if (!more) return Progress::kDone;
      if (out->rows == 0) continue;
      if (spec_.emits_row_id) TagRowIds(out);
      if (residual_ != nullptr) {
        VESTO_RETURN_IF_ERROR(residual_->Filter(*out, &positions_));
        if (positions_.empty()) {
          if (context_.query->cancellation->cancelled()) {
            return context_.query->cancellation->status();
          }
          continue;
        }
        if (static_cast<int>(positions_.size()) < out->rows) *out = out->Gather(positions_);
      }
      return Progress::kBatch;
    }
  }

 private:
  std::shared_ptr<storage::ShardScan> OpenScan(storage::ShardStore& store,
                                               const physical::Step& step,
                                               const ScanPredicates& predicates) {
    auto shard = store.Find(spec_.table->oid);
    if (shard == nullptr) return nullptr;
    storage::ScanOptions options;
    for (size_t i = 0; i < spec_.columns.size(); ++i) {
      const Type& type = step.output[i].type;
      options.outputs.push_back({spec_.columns[i], i < spec_.physical.size()
                                                       ? spec_.physical[i]
                                                       : types::DefaultPhysicalType(type)});
    }
    options.predicates = predicates.pushed;
    options.emits_row_id = spec_.emits_row_id;
    return std::make_shared<storage::ShardScan>(shard->version(), context_.query->storage->snapshot,
                                                std::move(options));
  }

  void AddRuntimeFilters(const physical::Step& step,
                         std::vector<column::ColumnPredicate>* predicates) const {
    for (const auto& [state, output] : spec_.runtime_filters) {
      auto filter = context_.query->state<HashBuildState>(state).filter();
      if (filter == nullptr) continue;
      predicates->push_back(column::ColumnPredicate::Member(spec_.columns[output], filter));
    }
  }

  // A row id names the slice too: DELETE and UPDATE bring it back there.
  void TagRowIds(Batch* batch) const {
    Vector& ids = batch->columns.back();
    Vector tagged = Vector::Flat(Type::Bigint());
    const int64_t tag = static_cast<int64_t>(home_slice_) << 48;
    for (int i = 0; i < batch->rows; ++i) {
      tagged.mutable_data<int64_t>()[i] = ids.data<int64_t>()[i] | tag;
    }
    ids = std::move(tagged);
  }

  void Count() {
    const storage::ScanCounters& read = reader_->counters();
    context_.query->storage->rows_read.fetch_add(
        read.rows_before_filter - counters_.rows_before_filter, std::memory_order_relaxed);
    counters_.rows_before_filter = read.rows_before_filter;
    counters_.zone_map_used = read.groups_skipped > 0 || read.batches_skipped > 0;
    counters_.bytes = read.bytes_read;
  }

  const physical::ScanSpec& spec_;
  const StepContext context_;
  StepCounters& counters_;
  int home_slice_ = 0;
  std::shared_ptr<storage::ShardScan> scan_;
  std::unique_ptr<storage::ShardReader> reader_;
  std::unique_ptr<expr::Evaluator> residual_;
  std::vector<Position> positions_;
};

// Reads a system view or another virtual relation, on the leader.
class SourceScanStep : public Step {
 public:
  SourceScanStep(const physical::SourceScanSpec& spec, const StepContext& context)
      : spec_(spec), context_(context) {}

  absl::StatusOr<Progress> Next(Batch* out) override {
    if (reader_ == nullptr) {
      VESTO_ASSIGN_OR_RETURN(reader_, spec_.source->OpenReader(*context_.query->eval));
    }
    while (true) {
      Batch batch;
      VESTO_ASSIGN_OR_RETURN(const bool more, reader_->Next(&batch));
      if (!more) return Progress::kDone;
      if (batch.rows == 0) continue;
      out->rows = batch.rows;
      out->columns.clear();
      for (int column : spec_.columns) out->columns.push_back(batch.columns[column]);
      return Progress::kBatch;
    }
  }

 private:
  const physical::SourceScanSpec& spec_;
  const StepContext context_;
  std::unique_ptr<source::SourceReader> reader_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeScan(const physical::ScanSpec& spec,
                                               const physical::Step& step,
                                               const StepContext& context) {
  auto scan = std::make_unique<ScanStep>(spec, context);
  VESTO_RETURN_IF_ERROR(scan->Init(step));
  return scan;
}

absl::StatusOr<std::unique_ptr<Step>> MakeSourceScan(const physical::SourceScanSpec& spec,
                                                     const physical::Step& step,
                                                     const StepContext& context) {
  return std::make_unique<SourceScanStep>(spec, context);
}

}  // namespace vesto::exec
