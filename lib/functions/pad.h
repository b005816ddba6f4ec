#pragma once

#include "functions/kernel_loops.h"

namespace vesto::functions {

// The kernel of LPAD and RPAD: args are the string, the number of characters and, optionally, the
// fill (default: a blank; an empty fill pads nothing).
absl::Status PadRows(const KernelCall& call, Vector* result, bool left);
absl::StatusOr<Type> PadType(const BindCall& call);

}  // namespace vesto::functions
