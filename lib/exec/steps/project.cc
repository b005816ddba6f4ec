#include "exec/steps/project.h"

#include <algorithm>
#include <vector>

#include "base/status_macros.h"
#include "expr/evaluator.h"

namespace vesto::exec {
namespace {

class Project : public Step {
 public:
  // A column of the input, or something computed.
  struct Item {
    int input = -1;
    std::unique_ptr<expr::Evaluator> evaluator;
  };

  Project(std::vector<Item> items, std::unique_ptr<Step> input)
      : items_(std::move(items)), input_(std::move(input)) {}

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    column::Batch batch;
    VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(&batch));
    if (progress != Progress::kBatch) return progress;
    std::vector<column::Vector> columns;
    columns.reserve(items_.size());
    for (const Item& item : items_) {
      if (item.input >= 0) {
        columns.push_back(batch.columns[item.input]);
        continue;
      }
      VESTO_ASSIGN_OR_RETURN(column::Vector vector, item.evaluator->Evaluate(batch));
      columns.push_back(std::move(vector));
    }
    *out = column::Batch(std::move(columns), batch.rows);
    return Progress::kBatch;
  }

 private:
  std::vector<Item> items_;
  std::unique_ptr<Step> input_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeProject(const physical::ProjectSpec& spec,
                                                  const physical::Step& step, const Layout& layout,
                                                  std::unique_ptr<Step> input,
                                                  const StepContext& context) {
  (void)step;
  std::vector<Project::Item> items;
  items.reserve(spec.expressions.size());
  for (const expr::ExprPtr& expression : spec.expressions) {
    Project::Item& item = items.emplace_back();
    if (expression->is_column()) {
      const auto at = std::find(layout.begin(), layout.end(), expression->column);
      if (at != layout.end()) item.input = static_cast<int>(at - layout.begin());
    }
    if (item.input >= 0) continue;
    VESTO_ASSIGN_OR_RETURN(item.evaluator,
                           expr::Evaluator::Compile(*expression, layout, *context.query->eval));
  }
  return std::make_unique<Project>(std::move(items), std::move(input));
}

}  // namespace vesto::exec
