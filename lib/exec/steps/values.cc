#include "exec/steps/values.h"

#include <algorithm>

#include "base/status_macros.h"
#include "expr/evaluator.h"
#include "logical/constant_rows.h"

namespace vesto::exec {
namespace {

class Values : public Step {
 public:
  Values(const physical::ValuesSpec& spec, const physical::Step& step, const StepContext& context)
      : rows_(spec.rows),
        constants_(spec.constants.get()),
        computed_(spec.computed),
        num_rows_(constants_ != nullptr ? constants_->num_rows() : rows_.size()),
        output_(step.output),
        eval_(*context.query->eval) {
    if (context.peer != 0) next_ = num_rows_;
  }

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    if (next_ == num_rows_) return Progress::kDone;
    if (constants_ != nullptr) return NextConstants(out);
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
  // The batch itself, which is shared; a column with computed values is a copy.
  absl::StatusOr<Progress> NextConstants(column::Batch* out) {
    *out = constants_->batches()[next_ / column::kBatchRows];
    const int count = out->rows;
    std::vector<bool> copied(out->columns.size());
    for (; next_computed_ < computed_.size(); ++next_computed_) {
      const logical::ComputedValue& value = computed_[next_computed_];
      if (value.row >= next_ + count) break;
      column::Vector& vector = out->columns[value.column];
      if (!copied[value.column]) {
        column::Vector copy = column::Vector::Flat(vector.type(), vector.physical(), count);
        column::AppendRows(vector, {}, count, &copy, 0);
        vector = std::move(copy);
        copied[value.column] = true;
      }
      VESTO_ASSIGN_OR_RETURN(const Value computed,
                             expr::EvaluateConstant(*value.expression, eval_));
      const int row = static_cast<int>(value.row - next_);
      if (!computed.is_null() && vector.has_nulls()) vector.MutableNulls(count)[row] = 0;
      Store(computed, row, count, &vector);
    }
    next_ += count;
    return Progress::kBatch;
  }

  static void Store(const Value& value, int row, int rows, column::Vector* vector) {
    if (value.is_null()) vector->MutableNulls(rows);
    vector->SetValue(row, value);
  }

  const std::vector<std::vector<expr::ExprPtr>>& rows_;
  const logical::ConstantRows* const constants_;
  const std::vector<logical::ComputedValue>& computed_;
  const size_t num_rows_;
  const std::vector<logical::OutputColumn>& output_;
  const functions::EvalContext& eval_;
  size_t next_ = 0;
  size_t next_computed_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeValues(const physical::ValuesSpec& spec,
                                                 const physical::Step& step,
                                                 const StepContext& context) {
  return std::make_unique<Values>(spec, step, context);
}

}  // namespace vesto::exec
