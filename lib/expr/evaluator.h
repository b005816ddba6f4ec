#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "column/batch.h"
#include "expr/expr.h"
#include "functions/eval_context.h"

namespace vesto::expr {

// The vectorized interpreter: an expression compiled against the layout of its input batches.
//
// CASE, COALESCE, AND and OR evaluate an argument that may fail only on the rows that need it, so
// an error is raised for live rows alone. A strict immutable function of one dictionary column runs
// once per dictionary entry.
// Thread-safety: Evaluate is const, but an Evaluator caches per-dictionary results: one per slice.
class Evaluator {
 public:
  // `layout[i]` is the id of column i of the input batches. `context` outlives the evaluator.
  static absl::StatusOr<std::unique_ptr<Evaluator>> Compile(const Expr& expr,
                                                            const std::vector<ColumnId>& layout,
                                                            const functions::EvalContext& context);
  virtual ~Evaluator() = default;

  // One value per row of `input`, in the physical form of the expression; any vector kind.
  virtual absl::StatusOr<column::Vector> Evaluate(const column::Batch& input) = 0;

  // For predicates: the positions of the rows where the expression is TRUE.
  absl::Status Filter(const column::Batch& input, std::vector<column::Position>* positions);
};

// The value of an expression without columns.
absl::StatusOr<Value> EvaluateConstant(const Expr& expr, const functions::EvalContext& context);

// Replaces immutable subtrees without columns and parameters by constants. A fold that fails
// leaves the subtree as it is: the error belongs to the rows that reach it.
ExprPtr FoldConstants(ExprPtr expr, const functions::EvalContext& context);

}  // namespace vesto::expr
