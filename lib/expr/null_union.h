#pragma once

#include <span>

#include "column/vector.h"

namespace vesto::expr {

// Marks in `result` (flat) every row that is NULL in one of `inputs`: the NULL rule of strict
// operations.
void UnionNulls(std::span<const column::Vector* const> inputs, int rows, column::Vector* result);

}  // namespace vesto::expr
