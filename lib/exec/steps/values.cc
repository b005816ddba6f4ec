#include "exec/steps/values.h"

#include <algorithm>

#include "base/status_macros.h"
#include "expr/evaluator.h"

namespace vesto::exec {
namespace {

class Values : public Step {
 public:
  Values(const physical::ValuesSpec& spec, const physical::Step& step, const StepContext& context)
      : rows_(spec.rows), output_(step.output), eval_(*context.query->eval) {
    if (context.peer != 0) next_ = rows_.size();
  }

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    if (next_ == rows_.size()) return Progress::kDone;
    const int count =
        static_cast<int>(std::min<size_t>(column::kBatchRows, rows_.size() - next_));
    std::vector<column::Vector> columns;
    columns.reserve(output_.size());
    for (size_t c = 0; c < output_.size(); ++c) {
      const Type& type = output_[c].type;
      column::Vector vector = column::Vector::Flat(type, types::DefaultPhysicalType(type), count);
      for (int i = 0; i < count; ++i) {
        const expr::Expr& expression = *rows_[next_ + i][c];
        if (expression.is_constant()) {
          Store(expression.constant, i, count, &vector);
        } else {
          VESTO_ASSIGN_OR_RETURN(const Value value, expr::EvaluateConstant(expression, eval_));
          Store(value, i, count, &vector);
        }
      }
      columns.push_back(std::move(vector));
    }
    next_ += count;
    *out = column::Batch(std::move(columns), count);
    return Progress::kBatch;
  }

 private:
  static void Store(const Value& value, int row, int rows, column::Vector* vector) {
    if (value.is_null()) vector->MutableNulls(rows);
    vector->SetValue(row, value);
  }

  const std::vector<std::vector<expr::ExprPtr>>& rows_;
  const std::vector<logical::OutputColumn>& output_;
  const functions::EvalContext& eval_;
  size_t next_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeValues(const physical::ValuesSpec& spec,
                                                 const physical::Step& step,
                                                 const StepContext& context) {
  return std::make_unique<Values>(spec, step, context);
}

}  // namespace vesto::exec
