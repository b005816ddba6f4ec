#pragma once

#include "functions/kernel_loops.h"

// Errors that several numeric functions raise.
namespace vesto::functions {

inline absl::Status DivisionByZero(const EvalContext& context) {
  // The leader speaks PostgreSQL, the compute nodes their own words (redshift/errors.md).
  return SqlError(SqlState::kDivisionByZero,
                  context.on_leader ? "division by zero" : "Divide by zero");
}

inline absl::Status OutOfRange(const Type& type) {
  return SqlError(SqlState::kNumericValueOutOfRange, type.ToString() + " out of range");
}

inline absl::Status FloatOverflow() {
  return SqlError(SqlState::kNumericValueOutOfRange, "value out of range: overflow");
}

}  // namespace vesto::functions
