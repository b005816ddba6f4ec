#pragma once

#include "exec/step.h"

namespace vesto::exec {

// Skips `offset` rows of its own input and passes on at most `limit`; both are per segment.
absl::StatusOr<std::unique_ptr<Step>> MakeLimit(const physical::LimitSpec& spec,
                                                const physical::Step& step, const Layout& layout,
                                                std::unique_ptr<Step> input,
                                                const StepContext& context);

}  // namespace vesto::exec
