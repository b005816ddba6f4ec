#pragma once

#include "absl/status/statusor.h"
#include "column/vector.h"
#include "expr/expr.h"

namespace vesto::expr {

// left `op` right for two vectors of one SQL type; BOOLEAN, NULL where a side is NULL.
// Strings compare as SQL does: trailing blanks do not count, COLLATE CASE_INSENSITIVE folds.
column::Vector EvaluateCompare(Op op, const column::Vector& left, const column::Vector& right,
                               int rows);

// -1, 0, 1: the order of two strings of `type`.
int CompareStrings(const column::StringRef& a, const column::StringRef& b, bool case_insensitive);

}  // namespace vesto::expr
