#pragma once

#include "exec/step.h"

namespace vesto::exec {

// Rows of expressions without columns. Only the first peer of a segment emits them.
absl::StatusOr<std::unique_ptr<Step>> MakeValues(const physical::ValuesSpec& spec,
                                                 const physical::Step& step,
                                                 const StepContext& context);

}  // namespace vesto::exec
