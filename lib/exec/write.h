#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "exec/step.h"

// The steps that change tables.
namespace vesto::exec {

absl::StatusOr<std::unique_ptr<Sink>> MakeInsertSink(const physical::InsertSpec& spec,
                                                     const physical::Step& step,
                                                     const StepContext& context);
absl::StatusOr<std::unique_ptr<Step>> MakeDelete(const physical::DeleteSpec& spec,
                                                 const physical::Step& step,
                                                 std::unique_ptr<Step> input,
                                                 const StepContext& context);
std::unique_ptr<Sink> MakeDiscardSink();

}  // namespace vesto::exec
