#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/cancellation.h"
#include "base/check.h"
#include "base/memory_pool.h"
#include "column/batch.h"
#include "expr/expr.h"
#include "functions/eval_context.h"
#include "physical/plan.h"
#include "types/table_design.h"

// How steps run. One object per step and slice; a segment is a chain of them: the sink pulls batches
// from the step before it, down to the source. No step ever blocks its thread.
namespace vesto::exec {

enum class Progress : uint8_t {
  kBatch,    // `*out` holds rows (at least one)
  kBlocked,  // nothing now: another segment must move first (an empty exchange)
  kDone,     // no more rows, ever
};

// What a step leaves in telemetry, per slice. Written by the slice's current worker alone.
struct StepCounters {
  int64_t rows = 0;             // rows produced
  int64_t bytes = 0;            // of those rows, where they are stored or sent
  int64_t micros = 0;           // time in this step, without its input
  int64_t rows_before_filter = 0;
  bool zone_map_used = false;   // is_rrscan
  bool spilled = false;         // is_diskbased
  int64_t work_memory = 0;
};

// State that outlives a segment: what a sink leaves for later streams, or an exchange within one.
// One object per query and StateId; per-slice parts are indexed by slice (the leader's part is the
// one after the last slice). The implementing class says what may be touched by whom and when.
class State {
 public:
  virtual ~State() = default;
};

class StorageAccess;  // the shards of the slices, seen through the statement's snapshot

// Wakes the workers of a query that wait because every task was blocked.
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void Wake() = 0;
};

// What all slices of one running query share.
struct QueryContext {
  types::Topology topology;
  const functions::EvalContext* eval = nullptr;
  base::Cancellation* cancellation = nullptr;
  base::MemoryPool* memory = nullptr;
  StorageAccess* storage = nullptr;
  int64_t max_recursion = 1'000'000;  // rounds of a recursive CTE
  Waker* waker = nullptr;  // call Wake() after making progress possible for another segment
  std::vector<std::unique_ptr<State>> states;  // by StateId

  template <typename T>
  T& state(physical::StateId id) {
    VESTO_CHECK(id >= 0 && id < static_cast<int>(states.size()) && states[id] != nullptr);
    return static_cast<T&>(*states[id]);
  }
  // Slices, plus one for the leader.
  int num_places() const { return topology.num_slices() + 1; }
};

// What a step knows of where it runs.
struct StepContext {
  QueryContext* query = nullptr;
  int slice = 0;  // topology.leader() on the leader
  // How many segments (slices) run this step's segment, and which of them this one is.
  int num_peers = 1, peer = 0;
  StepCounters* counters = nullptr;
};

// A source or an inner step.
class Step {
 public:
  virtual ~Step() = default;
  // Fills `*out` with the next batch of 1 to kBatchRows rows.
  virtual absl::StatusOr<Progress> Next(column::Batch* out) = 0;
};

// The end of a segment.
class Sink {
 public:
  virtual ~Sink() = default;
  // False while it cannot take a batch (a full exchange): the segment is blocked.
  virtual bool CanConsume() { return true; }
  virtual absl::Status Consume(column::Batch batch) = 0;
  // Called after the input's end until it answers kDone. kBatch: more work, call again soon (it
  // returns after about a millisecond, so that other tasks get their turn); kBlocked: waiting until
  // the other slices' sinks have ended their input too.
  virtual absl::StatusOr<Progress> Finish() { return Progress::kDone; }
};

using Layout = std::vector<expr::ColumnId>;
Layout LayoutOf(const std::vector<logical::OutputColumn>& columns);

// --- Factories: one per spec, each in steps/<name>.cc ---------------------------------------------
// `input` is the step before (null for sources), `layout` the columns of its batches.
absl::StatusOr<std::unique_ptr<Step>> MakeStep(const physical::Step& step, const Layout& layout,
                                               std::unique_ptr<Step> input,
                                               const StepContext& context);
absl::StatusOr<std::unique_ptr<Sink>> MakeSink(const physical::Step& step, const Layout& layout,
                                               const StepContext& context);
// The state that a sink's spec names; called once per query before its stream starts.
absl::StatusOr<std::unique_ptr<State>> MakeState(const physical::Step& step, const Layout& layout,
                                                 QueryContext* query);

}  // namespace vesto::exec
