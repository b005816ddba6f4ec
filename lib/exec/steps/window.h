#pragma once

#include "exec/step.h"

namespace vesto::exec {

// Window functions over input sorted by (partition keys, order keys). Emits the input's columns and
// one per item. Holds the rows of whole partitions: as many as fill a batch, or one large one.
// Source: redshift/functions.md §4.
absl::StatusOr<std::unique_ptr<Step>> MakeWindow(const physical::WindowSpec& spec,
                                                 const physical::Step& step, const Layout& layout,
                                                 std::unique_ptr<Step> input,
                                                 const StepContext& context);

}  // namespace vesto::exec
