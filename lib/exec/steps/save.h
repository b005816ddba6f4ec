#pragma once

#include <vector>

#include "base/mutex.h"
#include "exec/step.h"

namespace vesto::exec {

// Rows that a stream leaves for later ones: a CTE, the inner side of a nested loop, the rounds of
// a recursive CTE. Sinks collect privately and hand their batches over in Finish(); readers of later
// streams share them.
// Thread-safety: thread-safe. Batches are immutable.
class SaveState : public State {
 public:
  using Batches = std::vector<column::Batch>;

  SaveState(bool shared, int num_places) : shared_(shared), parts_(num_places) {}

  // Adds what one slice's sink has collected.
  void Deliver(int slice, const Batches& batches, std::shared_ptr<base::MemoryCharge> charge);
  // The batches that `slice` reads; of a shared state, those of all slices.
  Batches Read(int slice) const;
  int64_t rows() const;
  // Takes the place of one recursion round: the rows of `other` become this state's, and `other` is
  // empty again. Called between streams.
  void TakeFrom(SaveState& other);

  bool shared() const { return shared_; }

 private:
  struct Part {
    Batches batches;
    // Charges are shared with the second state of SaveSpec::also: the batches are.
    std::vector<std::shared_ptr<base::MemoryCharge>> charges;
    int64_t rows = 0;
  };

  const bool shared_;
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
