#pragma once

#include <span>

#include "column/vector.h"

namespace vesto::expr {

// Marks in `result` (flat) every row that is NULL in one of `inputs`: the NULL rule of strict
// operations.
void UnionNulls(std::span<const column::Vector* const> inputs, int rows, column::Vector* result);

// Zeroes the slots of the NULL rows of `vector` (flat numbers): what a loop computed over all rows leaves
// there must not reach SUM, which adds the slots of a batch as they are.
void ZeroNulls(int rows, column::Vector* vector);

}  // namespace vesto::expr
