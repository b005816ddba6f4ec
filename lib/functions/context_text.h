#pragma once

#include "functions/kernel_loops.h"

namespace vesto::functions {

// The same text on every row: what EvalContext knows.
inline absl::Status FillText(const KernelCall& call, Vector* result, std::string_view text) {
  const StringRef shared = result->heap().Add(text);
  std::fill_n(result->mutable_data<StringRef>(), call.rows, shared);
  return absl::OkStatus();
}

}  // namespace vesto::functions
