#pragma once

#include "exec/step.h"

namespace vesto::exec {

// Distinct rows over all columns; NULLs are equal here. A row is emitted when it is first seen.
absl::StatusOr<std::unique_ptr<Step>> MakeUnique(const physical::UniqueSpec& spec,
                                                 const physical::Step& step, const Layout& layout,
                                                 std::unique_ptr<Step> input,
                                                 const StepContext& context);

}  // namespace vesto::exec
