#pragma once

#include "exec/step.h"

// GROUP BY: a sink that collects groups per slice, and a source that emits them in a later stream.
//
// Rows between kPartial and kFinal, by position: the keys, one column per item that holds its state
// (strings that point into the sender's table and pin it; never copied, never shown to a user), and
// with several grouping sets the grouping id. The final phase reads them by position: it does not
// evaluate `keys` and `args`, but takes their types from them.
//
// Without keys, and for the empty grouping set, kFinal and kSingle emit a row even when no slice has
// had input: the first peer of the scan emits it.
//
// DISTINCT and WITHIN GROUP need all rows of a group on one slice: kSingle only.
namespace vesto::exec {

absl::StatusOr<std::unique_ptr<State>> MakeAggregateState(const physical::AggregateSpec& spec,
                                                          const physical::Step& step,
                                                          const Layout& layout,
                                                          QueryContext* query);
absl::StatusOr<std::unique_ptr<Sink>> MakeAggregateSink(const physical::AggregateSpec& spec,
                                                        const physical::Step& step,
                                                        const Layout& layout,
                                                        const StepContext& context);
absl::StatusOr<std::unique_ptr<Step>> MakeGroupScan(const physical::GroupScanSpec& spec,
                                                    const physical::Step& step,
                                                    const StepContext& context);

}  // namespace vesto::exec
