#pragma once

#include "functions/kernel_loops.h"

namespace vesto::functions {

// The kernel of BTRIM, LTRIM and RTRIM: args are the string and, optionally, the set of characters
// to remove. The result shares the string's memory.
absl::Status TrimRows(const KernelCall& call, Vector* result, bool front, bool back);

}  // namespace vesto::functions
