#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "exec/step.h"

// COPY's source and UNLOAD's sink: rows between files and slices.
namespace vesto::exec {

absl::StatusOr<std::unique_ptr<Step>> MakeParse(const physical::ParseSpec& spec,
                                                const physical::Step& step,
                                                const StepContext& context);
absl::StatusOr<std::unique_ptr<Sink>> MakeUnloadSink(const physical::UnloadStepSpec& spec,
                                                     const physical::Step& step,
                                                     const Layout& layout,
                                                     const StepContext& context);

}  // namespace vesto::exec
