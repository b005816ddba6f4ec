#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "column/predicate.h"
#include "expr/expr.h"
#include "functions/eval_context.h"
#include "physical/plan.h"

namespace vesto::exec {

// The conjuncts of a scan, divided into what storage can decide on codes and the rest.
struct ScanPredicates {
  std::vector<column::ColumnPredicate> pushed;
  expr::ExprPtr residual;  // null = none
  // A conjunct that no row can satisfy (a comparison with NULL): the scan is empty.
  bool never = false;
};

// `output` are the scan's columns, `spec.columns` their table columns. Parameters are read from
// `eval`, so a plan serves every execution. A conjunct that may fail is not moved ahead of those
// written before it: it stays in the residual.
absl::StatusOr<ScanPredicates> CompileScanPredicates(
    const physical::ScanSpec& spec, const std::vector<logical::OutputColumn>& output,
    const functions::EvalContext& eval);

}  // namespace vesto::exec
