#include "exec/steps/project.h"

#include <vector>

#include "base/status_macros.h"
#include "expr/evaluator.h"

namespace vesto::exec {
namespace {

class Project : public Step {
 public:
  Project(std::vector<std::unique_ptr<expr::Evaluator>> evaluators, std::unique_ptr<Step> input)
      : evaluators_(std::move(evaluators)), input_(std::move(input)) {}

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    column::Batch batch;
    VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(&batch));
    if (progress != Progress::kBatch) return progress;
    std::vector<column::Vector> columns;
    columns.reserve(evaluators_.size());
    for (const auto& evaluator : evaluators_) {
      VESTO_ASSIGN_OR_RETURN(column::Vector vector, evaluator->Evaluate(batch));
      columns.push_back(std::move(vector));
    }
    *out = column::Batch(std::move(columns), batch.rows);
    return Progress::kBatch;
  }

 private:
  std::vector<std::unique_ptr<expr::Evaluator>> evaluators_;
  std::unique_ptr<Step> input_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeProject(const physical::ProjectSpec& spec,
                                                  const physical::Step& step, const Layout& layout,
                                                  std::unique_ptr<Step> input,
                                                  const StepContext& context) {
  (void)step;
  std::vector<std::unique_ptr<expr::Evaluator>> evaluators;
  for (const expr::ExprPtr& expression : spec.expressions) {
    VESTO_ASSIGN_OR_RETURN(auto evaluator,
                           expr::Evaluator::Compile(*expression, layout, *context.query->eval));
    evaluators.push_back(std::move(evaluator));
  }
  return std::make_unique<Project>(std::move(evaluators), std::move(input));
}

}  // namespace vesto::exec
