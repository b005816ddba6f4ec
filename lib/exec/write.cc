#include "exec/write.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "exec/storage_access.h"
#include "storage/table_shard.h"

namespace vesto::exec {
namespace {

using column::Batch;
using column::Position;
using column::Vector;

constexpr int64_t kRowIdMask = (int64_t{1} << 48) - 1;

class InsertSink : public Sink {
 public:
  InsertSink(const physical::InsertSpec& spec, const StepContext& context)
      : spec_(spec), context_(context) {}

  absl::Status Consume(Batch batch) override {
    if (appender_ == nullptr) {
      StorageAccess& storage = *context_.query->storage;
      auto shard =
          storage.shards->store(context_.slice).FindForWrite(storage.xid, spec_.table->oid);
      if (shard == nullptr) return absl::InternalError("the table has no shard on this slice");
      appender_ = shard->NewAppender(storage.xid);
      shard_ = std::move(shard);
    }
    Batch row;
    row.rows = batch.rows;
    for (size_t i = 0; i < spec_.input.size(); ++i) {
      Vector column = std::move(batch.columns[spec_.input[i]]);
      const catalog::ColumnEntry& entry = spec_.table->columns[i];
      if (entry.not_null && column.has_nulls()) {
        for (int k = 0; k < batch.rows; ++k) {
          if (column.IsNull(k)) {
            return SqlError(SqlState::kNotNullViolation,
                            absl::StrCat("null value in column \"", entry.name,
                                         "\" violates not-null constraint"));
          }
        }
      }
      row.columns.push_back(std::move(column));
    }
    context_.counters->bytes += row.ByteSize();
    return appender_->Append(row);
  }

  absl::StatusOr<Progress> Finish() override {
    if (appender_ != nullptr) {
      VESTO_ASSIGN_OR_RETURN(const int64_t rows, appender_->Finish());
      context_.query->storage->affected_rows.fetch_add(rows, std::memory_order_relaxed);
      appender_.reset();
    }
    return Progress::kDone;
  }

 private:
  const physical::InsertSpec& spec_;
  const StepContext context_;
  std::shared_ptr<storage::TableShard> shard_;
  std::unique_ptr<storage::ShardAppender> appender_;
};

class DeleteStep : public Step {
 public:
  DeleteStep(const physical::DeleteSpec& spec, std::unique_ptr<Step> input,
             const StepContext& context, bool counts)
      : spec_(spec), input_(std::move(input)), context_(context), counts_(counts) {}

  absl::StatusOr<Progress> Next(Batch* out) override {
    while (true) {
      *out = Batch();
      VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(out));
      if (progress != Progress::kBatch) {
        if (progress == Progress::kDone) VESTO_RETURN_IF_ERROR(DeleteSeen());
        return progress;
      }
      VESTO_ASSIGN_OR_RETURN(const bool any, Take(out));
      if (any) return Progress::kBatch;
    }
  }

 private:
  // Notes the row ids and leaves the rows that go on in `*batch`; false when there are none.
  absl::StatusOr<bool> Take(Batch* batch) {
    const Vector ids = batch->columns[spec_.row_id_column].Flatten(batch->rows);
    positions_.clear();
    for (int i = 0; i < batch->rows; ++i) {
      if (ids.IsNull(i)) {
        positions_.push_back(static_cast<Position>(i));
        continue;
      }
      if (!seen_.insert(ids.data<int64_t>()[i] & kRowIdMask).second) {
        if (spec_.error_on_multiple) {
          return SqlError(SqlState::kInternalError,
                          "Found multiple matches to update the same tuple.");
        }
        continue;
      }
      if (!spec_.drop_matched) positions_.push_back(static_cast<Position>(i));
    }
    if (positions_.empty()) return false;
    if (static_cast<int>(positions_.size()) < batch->rows) *batch = batch->Gather(positions_);
    batch->columns.erase(batch->columns.begin() + spec_.row_id_column);
    return true;
  }

  absl::Status DeleteSeen() {
    if (seen_.empty()) return absl::OkStatus();
    StorageAccess& storage = *context_.query->storage;
    auto shard = storage.shards->store(context_.slice).FindForWrite(storage.xid, spec_.table->oid);
    if (shard == nullptr) return absl::InternalError("the table has no shard on this slice");
    const std::vector<int64_t> ids(seen_.begin(), seen_.end());
    seen_.clear();
    VESTO_ASSIGN_OR_RETURN(const int64_t rows, shard->Delete(storage.xid, ids));
    if (counts_) storage.affected_rows.fetch_add(rows, std::memory_order_relaxed);
    return absl::OkStatus();
  }

  const physical::DeleteSpec& spec_;
  const std::unique_ptr<Step> input_;
  const StepContext context_;
  const bool counts_;
  absl::flat_hash_set<int64_t> seen_;
  std::vector<Position> positions_;
};

class DiscardSink : public Sink {
 public:
  absl::Status Consume(Batch) override { return absl::OkStatus(); }
};

}  // namespace

absl::StatusOr<std::unique_ptr<Sink>> MakeInsertSink(const physical::InsertSpec& spec,
                                                     const physical::Step& step,
                                                     const StepContext& context) {
  return std::make_unique<InsertSink>(spec, context);
}

absl::StatusOr<std::unique_ptr<Step>> MakeDelete(const physical::DeleteSpec& spec,
                                                 const physical::Step& step,
                                                 std::unique_ptr<Step> input,
                                                 const StepContext& context) {
  // The new versions of updated rows are counted where they are inserted.
  const bool counts = spec.drop_matched || step.output.empty();
  return std::make_unique<DeleteStep>(spec, std::move(input), context, counts);
}

std::unique_ptr<Sink> MakeDiscardSink() { return std::make_unique<DiscardSink>(); }

}  // namespace vesto::exec
