#include "exec/steps/filter.h"

#include <vector>

#include "base/status_macros.h"
#include "exec/steps/batch_compactor.h"
#include "expr/evaluator.h"

namespace vesto::exec {
namespace {

class Filter : public Step {
 public:
  Filter(std::unique_ptr<expr::Evaluator> predicate, std::unique_ptr<Step> input)
      : predicate_(std::move(predicate)), input_(std::move(input)) {}

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    while (true) {
      if (compactor_.Pop(out)) return Progress::kBatch;
      if (done_) return Progress::kDone;
      column::Batch batch;
      VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(&batch));
      if (progress != Progress::kBatch) {
        // What is pending does not wait for rows that may be long in coming.
        compactor_.Flush();
        done_ = progress == Progress::kDone;
        if (compactor_.Pop(out)) return Progress::kBatch;
        return progress;
      }
      positions_.clear();
      VESTO_RETURN_IF_ERROR(predicate_->Filter(batch, &positions_));
      if (positions_.empty()) continue;
      if (static_cast<int>(positions_.size()) == batch.rows) {
        compactor_.Add(std::move(batch));
      } else {
        compactor_.Add(batch.Gather(positions_));
      }
    }
  }

 private:
  std::unique_ptr<expr::Evaluator> predicate_;
  std::unique_ptr<Step> input_;
  BatchCompactor compactor_;
  std::vector<column::Position> positions_;
  bool done_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeFilter(const physical::FilterSpec& spec,
                                                 const physical::Step& step, const Layout& layout,
                                                 std::unique_ptr<Step> input,
                                                 const StepContext& context) {
  (void)step;
  VESTO_ASSIGN_OR_RETURN(auto predicate, expr::Evaluator::Compile(*spec.predicate, layout,
                                                                  *context.query->eval));
  return std::make_unique<Filter>(std::move(predicate), std::move(input));
}

}  // namespace vesto::exec
