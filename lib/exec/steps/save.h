#pragma once

#include <vector>

#include "base/mutex.h"
#include "exec/step.h"
#include "exec/steps/batch_compactor.h"

namespace vesto::exec {

// Rows that a stream leaves for later ones: a CTE, the inner side of a nested loop, the rounds of
// a recursive CTE. Sinks collect privately and hand their batches over in Finish(); readers of later
// streams share them.
// Thread-safety: thread-safe. Batches are immutable.
class SaveState : public State {
 public:
  using Batches = std::vector<column::Batch>;

  SaveState(bool shared, int num_places, base::MemoryPool* memory)
      : shared_(shared), memory_(memory), parts_(num_places) {}

  // Adds what one slice's sink has collected. 53200 when the memory budget refuses.
  absl::Status Deliver(int slice, const Batches& batches);
  // The batches that `slice` reads; of a shared state, those of all slices.
  Batches Read(int slice);
  int64_t rows() const;
  // Takes the place of one recursion round: the rows of `other` become this state's, and `other` is
  // empty again. Called between streams.
  void TakeFrom(SaveState& other);

  bool shared() const { return shared_; }

 private:
  struct Part {
    Batches batches;
    // A recursion delivers a few rows a round, a million times: they are kept in full batches.
    BatchCompactor compactor;
    base::MemoryCharge charge;
    int64_t rows = 0;
  };
  static void Collect(Part& part);

  const bool shared_;
  base::MemoryPool* const memory_;
  mutable base::Mutex mutex_;
  std::vector<Part> parts_ ABSL_GUARDED_BY(mutex_);  // by slice
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
