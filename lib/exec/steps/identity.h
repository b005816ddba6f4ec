#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "exec/step.h"

namespace vesto::exec {

// Numbers rows as they come: where one place sees all rows (the leader, for INSERT ... VALUES) they
// are numbered as written; slices take a range of numbers for each batch.
// 22003 when a value does not fit the column.
absl::StatusOr<std::unique_ptr<Step>> MakeIdentity(const physical::IdentitySpec& spec,
                                                   const physical::Step& step,
                                                   std::unique_ptr<Step> input,
                                                   const StepContext& context);

}  // namespace vesto::exec
