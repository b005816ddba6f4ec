#pragma once

#include <cstdint>
#include <memory>

#include "column/membership.h"
#include "exec/step.h"

// Hash joins: a sink that builds tables, a step that probes them, and a source of the build rows
// that no probe matched. performance.md §7 says which kind of table serves which key.
namespace vesto::exec {

// The tables of one build: one per slice, or one for all when the spec says `shared`.
class HashBuildState : public State {
 public:
  // The keys of all slices, for scans of later streams: a row whose key it refuses finds no partner
  // on any slice. Null unless the build has one key, an integer, date, time, narrow decimal or string.
  // Made when it is first asked for, after the build's stream; thread-safe.
  virtual std::shared_ptr<const column::MembershipFilter> filter() = 0;
  // Rows of the table that probes on `slice` see.
  virtual int64_t rows(int slice) const = 0;
};

absl::StatusOr<std::unique_ptr<State>> MakeHashBuildState(const physical::HashBuildSpec& spec,
                                                          const physical::Step& step,
                                                          const Layout& layout,
                                                          QueryContext* query);
absl::StatusOr<std::unique_ptr<Sink>> MakeHashBuildSink(const physical::HashBuildSpec& spec,
                                                        const physical::Step& step,
                                                        const Layout& layout,
                                                        const StepContext& context);

// Emits, for inner, left, right and full joins, all input columns followed by `build_output`; for
// single joins the same; for semi and anti joins the input columns; for marks the input columns and
// one BOOLEAN. Right and full joins mark the build rows that matched, for UnmatchedScan.
absl::StatusOr<std::unique_ptr<Step>> MakeHashJoin(const physical::HashJoinSpec& spec,
                                                   const physical::Step& step, const Layout& layout,
                                                   std::unique_ptr<Step> input,
                                                   const StepContext& context);

// Build rows without a match. Output columns that the build side has (by id) hold its values, all
// others NULL. Of a shared table each peer emits its part.
absl::StatusOr<std::unique_ptr<Step>> MakeUnmatchedScan(const physical::UnmatchedScanSpec& spec,
                                                        const physical::Step& step,
                                                        const StepContext& context);

}  // namespace vesto::exec
