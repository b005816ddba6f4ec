#pragma once

#include "absl/status/statusor.h"
#include "column/vector.h"
#include "expr/expr.h"
#include "functions/eval_context.h"

namespace vesto::expr {

// left `op` right, for + - * / % on two numbers. The result has `type` and the physical form
// `physical`; for DECIMAL in kInt64 the caller has proved that every intermediate fits.
// Errors: 22012 for a zero divisor, 22003 for overflow, only for rows that are not NULL.
// Source: redshift/types.md §4.
absl::StatusOr<column::Vector> EvaluateArithmetic(Op op, const column::Vector& left,
                                                  const column::Vector& right, int rows,
                                                  const Type& type, types::PhysicalType physical,
                                                  const functions::EvalContext& context);

// - input, for numbers and intervals.
absl::StatusOr<column::Vector> EvaluateNegate(const column::Vector& input, int rows,
                                              const Type& type, types::PhysicalType physical);

}  // namespace vesto::expr
