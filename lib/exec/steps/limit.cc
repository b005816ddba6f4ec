#include "exec/steps/limit.h"

#include <algorithm>
#include <limits>

#include "base/status_macros.h"
#include "expr/evaluator.h"

namespace vesto::exec {
namespace {

class Limit : public Step {
 public:
  Limit(int64_t skip, int64_t left, std::unique_ptr<Step> input)
      : skip_(skip), left_(left), input_(std::move(input)) {}

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    while (left_ > 0) {
      column::Batch batch;
      VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(&batch));
      if (progress != Progress::kBatch) return progress;
      const int begin = static_cast<int>(std::min<int64_t>(skip_, batch.rows));
      skip_ -= begin;
      const int count = static_cast<int>(std::min<int64_t>(left_, batch.rows - begin));
      left_ -= count;
      if (count == 0) continue;
      *out = count == batch.rows ? std::move(batch) : batch.Slice(begin, count);
      return Progress::kBatch;
    }
    return Progress::kDone;
  }

 private:
  int64_t skip_, left_;
  std::unique_ptr<Step> input_;
};

// `fallback` where the clause is absent or NULL.
absl::StatusOr<int64_t> CountOf(const expr::ExprPtr& expression, std::string_view clause,
                                int64_t fallback, const functions::EvalContext& context) {
  if (expression == nullptr) return fallback;
  VESTO_ASSIGN_OR_RETURN(const Value value, expr::EvaluateConstant(*expression, context));
  if (value.is_null()) return fallback;
  if (value.integer() < 0) {
    return SqlError(SqlState::kInvalidParameterValue,
                    std::string(clause) + " must not be negative");
  }
  return value.integer();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeLimit(const physical::LimitSpec& spec,
                                                const physical::Step& step, const Layout& layout,
                                                std::unique_ptr<Step> input,
                                                const StepContext& context) {
  (void)step;
  (void)layout;
  VESTO_ASSIGN_OR_RETURN(const int64_t limit,
                         CountOf(spec.limit, "LIMIT", std::numeric_limits<int64_t>::max(),
                                 *context.query->eval));
  VESTO_ASSIGN_OR_RETURN(const int64_t offset,
                         CountOf(spec.offset, "OFFSET", 0, *context.query->eval));
  return std::make_unique<Limit>(offset, limit, std::move(input));
}

}  // namespace vesto::exec
