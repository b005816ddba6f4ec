#include "exec/steps/unique.h"

#include "base/status_macros.h"
#include "exec/steps/batch_compactor.h"
#include "exec/steps/group_table.h"
#include "exec/steps/key_batch.h"

namespace vesto::exec {
namespace {

class Unique : public Step {
 public:
  Unique(const physical::Step& step, std::unique_ptr<Step> input, const StepContext& context)
      : input_(std::move(input)) {
    std::vector<KeyForm> forms;
    for (const logical::OutputColumn& column : step.output) forms.push_back(KeyFormOf(column.type));
    keys_ = std::make_unique<KeyBatch>(forms);
    seen_ = std::make_unique<GroupTable>(forms, 0, 8, context.query->memory);
    groups_.resize(column::kBatchRows);
  }

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    while (true) {
      if (compactor_.Pop(out)) return Progress::kBatch;
      if (done_) return Progress::kDone;
      column::Batch batch;
      VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(&batch));
      if (progress != Progress::kBatch) {
        compactor_.Flush();
        done_ = progress == Progress::kDone;
        if (compactor_.Pop(out)) return Progress::kBatch;
        return progress;
      }
      keys_->Load(batch.columns, batch.rows);
      first_.clear();
      VESTO_RETURN_IF_ERROR(seen_->FindOrInsert(*keys_, groups_.data(), &first_));
      if (static_cast<int>(first_.size()) == batch.rows) {
        compactor_.Add(std::move(batch));
      } else if (!first_.empty()) {
        compactor_.Add(batch.Gather(first_));
      }
    }
  }

 private:
  std::unique_ptr<Step> input_;
  std::unique_ptr<KeyBatch> keys_;
  std::unique_ptr<GroupTable> seen_;
  std::vector<uint8_t*> groups_;
  std::vector<column::Position> first_;
  BatchCompactor compactor_;
  bool done_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeUnique(const physical::UniqueSpec& spec,
                                                 const physical::Step& step, const Layout& layout,
                                                 std::unique_ptr<Step> input,
                                                 const StepContext& context) {
  (void)spec;
  (void)layout;
  return std::make_unique<Unique>(step, std::move(input), context);
}

}  // namespace vesto::exec
