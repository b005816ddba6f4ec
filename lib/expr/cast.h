#pragma once

#include "absl/status/statusor.h"
#include "column/vector.h"
#include "functions/eval_context.h"

namespace vesto::expr {

// `input` converted to `type`, in the physical form `physical` (the type's default, or kInt64 for a
// DECIMAL that bounds prove narrow).
// `implicit`: the rules of INSERT and UPDATE (numbers round, strings that are too long are an error
// unless only blanks are lost); else those of CAST (numbers truncate, strings are cut).
// Errors: 22P02, 22003, 22007, 22001, 42846; only for rows that are not NULL.
// Source: redshift/types.md §3.
absl::StatusOr<column::Vector> EvaluateCast(const column::Vector& input, int rows, const Type& type,
                                            types::PhysicalType physical, bool implicit,
                                            const functions::EvalContext& context);

// Whether every value converts: then the cast cannot fail.
bool CastCannotFail(const Type& from, const Type& to);

}  // namespace vesto::expr
