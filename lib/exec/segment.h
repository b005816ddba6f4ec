#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "exec/step.h"

namespace vesto::exec {

// One plan segment on one slice: a slice task. A worker advances it for a while, then lets others
// have their turn.
// Thread-safety: one worker at a time.
class Segment {
 public:
  // The spec outlives the segment; `counters` has one entry per step and outlives it too.
  static absl::StatusOr<std::unique_ptr<Segment>> Create(const physical::Segment& spec,
                                                         QueryContext* query, int slice,
                                                         int num_peers, int peer,
                                                         StepCounters* counters);

  // kBatch: it moved and has more to do; kBlocked: another segment must move first; kDone.
  absl::StatusOr<Progress> Advance();
  // After kBlocked: its sink has no room, rather than its source no rows.
  bool sink_full() const { return sink_full_; }

 private:
  Segment(QueryContext* query, std::unique_ptr<Step> last, std::unique_ptr<Sink> sink,
          StepCounters* sink_counters)
      : query_(query),
        last_(std::move(last)),
        sink_(std::move(sink)),
        sink_counters_(sink_counters) {}

  QueryContext* const query_;
  std::unique_ptr<Step> last_;  // null after the input's end
  const std::unique_ptr<Sink> sink_;
  StepCounters* const sink_counters_;
  bool input_done_ = false;
  bool sink_full_ = false;
};

}  // namespace vesto::exec
