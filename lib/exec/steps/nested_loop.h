#pragma once

#include "exec/step.h"

namespace vesto::exec {

// Every pair of an input row and a saved row (SaveState) that satisfies the condition, in blocks of
// pairs, so that the condition is evaluated on full batches.
// Join types: inner, left, semi, anti, null-aware anti (a pair whose condition is NULL excludes the
// row), mark (TRUE or FALSE), single (21000 for two matches).
absl::StatusOr<std::unique_ptr<Step>> MakeNestedLoop(const physical::NestedLoopSpec& spec,
                                                     const physical::Step& step,
                                                     const Layout& layout,
                                                     std::unique_ptr<Step> input,
                                                     const StepContext& context);

}  // namespace vesto::exec
