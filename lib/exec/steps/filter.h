#pragma once

#include "exec/step.h"

namespace vesto::exec {

// Keeps the rows for which the predicate is TRUE. Small remains are collected into fuller batches.
absl::StatusOr<std::unique_ptr<Step>> MakeFilter(const physical::FilterSpec& spec,
                                                 const physical::Step& step, const Layout& layout,
                                                 std::unique_ptr<Step> input,
                                                 const StepContext& context);

}  // namespace vesto::exec
