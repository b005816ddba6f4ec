#pragma once

#include <vector>

#include "base/mutex.h"
#include "exec/step.h"

namespace vesto::exec {

// Rows that a stream leaves for later ones: a CTE, the inner side of a nested loop, the rounds of
// a recursive CTE.
//
// A *round* is one run of the stream that fills the state. Each sink collects privately and hands
// its batches over in Finish(); when the sinks of all slices have done so the round is sealed. The
// first reader that is made after that makes it the current round, which all readers see until the
// next sealed one. So a recursive stream reads the last round while it fills the next.
//
// Thread-safety: thread-safe. Batches are immutable.
class SaveState : public State {
 public:
  using Batches = std::vector<column::Batch>;

  SaveState(bool shared, int num_places, base::MemoryPool* memory);

  // Sinks, once per round and slice. `num_peers`: how many sinks make the round complete.
  void Deliver(int slice, int num_peers, Batches batches, base::MemoryCharge charge);

  // Makes the sealed round the current one, if there is a new one.
  void Turn();
  // The batches that `slice` reads: those of the current round, or of all rounds. Shared states
  // give every slice the batches of all. Call Turn() first.
  Batches Read(int slice, bool all_rounds) const;

  // Rows of the newest sealed round: a recursion ends when there are none.
  int64_t last_round_rows() const;
  bool shared() const { return shared_; }

 private:
  struct Part {
    Batches batches;
    base::MemoryCharge charge;
  };
  struct Round {
    std::vector<Part> parts;  // by slice
    int64_t rows = 0;
  };
  void TurnLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const bool shared_;
  const int num_places_;
  mutable base::Mutex mutex_;
  Round incoming_ ABSL_GUARDED_BY(mutex_);
  int delivered_ ABSL_GUARDED_BY(mutex_) = 0;
  bool sealed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Round> rounds_ ABSL_GUARDED_BY(mutex_);  // the last one is current
};

absl::StatusOr<std::unique_ptr<State>> MakeSaveState(const physical::SaveSpec& spec,
                                                     const physical::Step& step,
                                                     const Layout& layout, QueryContext* query);
absl::StatusOr<std::unique_ptr<Sink>> MakeSaveSink(const physical::SaveSpec& spec,
                                                   const physical::Step& step,
                                                   const Layout& layout,
                                                   const StepContext& context);
absl::StatusOr<std::unique_ptr<Step>> MakeSavedScan(const physical::SavedScanSpec& spec,
                                                    const physical::Step& step,
                                                    const StepContext& context);

}  // namespace vesto::exec
