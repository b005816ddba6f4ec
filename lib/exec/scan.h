#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "exec/step.h"

// The sources and sinks that touch rows at rest.
namespace vesto::exec {

absl::StatusOr<std::unique_ptr<Step>> MakeScan(const physical::ScanSpec& spec,
                                               const physical::Step& step,
                                               const StepContext& context);
absl::StatusOr<std::unique_ptr<Step>> MakeSourceScan(const physical::SourceScanSpec& spec,
                                                     const physical::Step& step,
                                                     const StepContext& context);

}  // namespace vesto::exec
