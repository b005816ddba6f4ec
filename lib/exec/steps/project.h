#pragma once

#include "exec/step.h"

namespace vesto::exec {

// Computes one column per expression. A plain column reference shares its input vector.
absl::StatusOr<std::unique_ptr<Step>> MakeProject(const physical::ProjectSpec& spec,
                                                  const physical::Step& step, const Layout& layout,
                                                  std::unique_ptr<Step> input,
                                                  const StepContext& context);

}  // namespace vesto::exec
