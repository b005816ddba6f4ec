#pragma once

#include "exec/step.h"

namespace vesto::exec {

// Sorts the rows of each slice, stably; with a limit keeps only the first rows (top-n). The runs of
// the slices are merged by SortedMerge (sorted_merge.h).
absl::StatusOr<std::unique_ptr<State>> MakeSortState(const physical::SortSpec& spec,
                                                     const physical::Step& step,
                                                     const Layout& layout, QueryContext* query);
absl::StatusOr<std::unique_ptr<Sink>> MakeSortSink(const physical::SortSpec& spec,
                                                   const physical::Step& step,
                                                   const Layout& layout,
                                                   const StepContext& context);
absl::StatusOr<std::unique_ptr<Step>> MakeSortedScan(const physical::SortedScanSpec& spec,
                                                     const physical::Step& step,
                                                     const StepContext& context);

}  // namespace vesto::exec
