#pragma once

#include <cstdint>
#include <vector>

#include "column/membership.h"
#include "exec/step.h"

// Hash joins: a sink that builds tables, a step that probes them, and a source of the build rows
// that no probe matched. performance.md §7 says which kind of table serves which key.
namespace vesto::exec {

// What a finished build knows of its keys, for scans of later streams: a row whose key it refuses
// finds no partner. Made for builds with a single key of the integer family (integers, dates, times,
// decimals in 64 bits).
// Thread-safety: immutable once the build's stream has ended.
class JoinFilter {
 public:
  virtual ~JoinFilter() = default;

  // No build row at all: nothing matches.
  bool empty() const { return min_ > max_; }
  // Smallest and largest key of the build, for zone maps.
  int64_t min() const { return min_; }
  int64_t max() const { return max_; }

  // False only if no build row has this key.
  virtual bool MayContain(int64_t key) const = 0;
  // Keeps those of `positions` whose key may have a partner; NULLs have none. `keys` is any vector
  // of the integer family.
  virtual void Filter(const column::Vector& keys, std::vector<column::Position>* positions) const = 0;

 protected:
  int64_t min_ = 0, max_ = -1;
};

// The tables of one build: one per slice, or one for all when the spec says `shared`.
class HashBuildState : public State {
 public:
  // The filter for probes on `slice`; null where the key has none.
  virtual const JoinFilter* filter(int slice) const = 0;
  // The same for a scan on `slice`, in the form that storage evaluates on codes; null where the key
  // has none.
  virtual std::shared_ptr<const column::MembershipFilter> membership(int slice) const {
    return nullptr;
  }
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
