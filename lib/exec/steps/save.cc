#include "exec/steps/save.h"

#include "base/status_macros.h"
#include "exec/steps/batch_compactor.h"

namespace vesto::exec {

void SaveState::Collect(Part& part) {
  column::Batch batch;
  while (part.compactor.Pop(&batch)) part.batches.push_back(std::move(batch));
}

absl::Status SaveState::Deliver(int slice, const Batches& batches) {
  base::MutexLock lock(mutex_);
  Part& part = parts_[slice];
  if (part.rows == 0) part.charge = base::MemoryCharge(memory_);
  for (const column::Batch& batch : batches) {
    VESTO_RETURN_IF_ERROR(part.charge.Grow(batch.ByteSize()));
    part.rows += batch.rows;
    part.compactor.Add(batch);
  }
  Collect(part);
  return absl::OkStatus();
}

SaveState::Batches SaveState::Read(int slice) {
  base::MutexLock lock(mutex_);
  Batches all;
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (!shared_ && static_cast<int>(i) != slice) continue;
    Part& part = parts_[i];
    part.compactor.Flush();
    Collect(part);
    all.insert(all.end(), part.batches.begin(), part.batches.end());
  }
  return all;
}

int64_t SaveState::rows() const {
  base::MutexLock lock(mutex_);
  int64_t rows = 0;
  for (const Part& part : parts_) rows += part.rows;
  return rows;
}

void SaveState::TakeFrom(SaveState& other) {
  std::vector<Part> taken;
  {
    base::MutexLock lock(other.mutex_);
    taken.resize(other.parts_.size());
    taken.swap(other.parts_);
  }
  base::MutexLock lock(mutex_);
  parts_ = std::move(taken);
}

namespace {

class SaveSink : public Sink {
 public:
  SaveSink(SaveState& state, SaveState* also, const StepContext& context)
      : state_(state),
        also_(also),
        slice_(context.slice),
        counters_(context.counters),
        charge_(context.query->memory) {}

  absl::Status Consume(column::Batch batch) override {
    compactor_.Add(std::move(batch));
    return Collect();
  }

  absl::StatusOr<Progress> Finish() override {
    compactor_.Flush();
    VESTO_RETURN_IF_ERROR(Collect());
    if (counters_ != nullptr) counters_->work_memory += charge_.bytes();
    charge_.Clear();  // the states' from here on
    if (also_ != nullptr) VESTO_RETURN_IF_ERROR(also_->Deliver(slice_, batches_));
    VESTO_RETURN_IF_ERROR(state_.Deliver(slice_, batches_));
    batches_.clear();
    return Progress::kDone;
  }

 private:
  absl::Status Collect() {
    column::Batch batch;
    while (compactor_.Pop(&batch)) {
      VESTO_RETURN_IF_ERROR(charge_.Grow(batch.ByteSize()));
      batches_.push_back(std::move(batch));
    }
    return absl::OkStatus();
  }

  SaveState& state_;
  SaveState* const also_;
  const int slice_;
  StepCounters* const counters_;
  BatchCompactor compactor_;
  SaveState::Batches batches_;
  base::MemoryCharge charge_;
};

class SavedScan : public Step {
 public:
  explicit SavedScan(SaveState::Batches batches) : batches_(std::move(batches)) {}

  absl::StatusOr<Progress> Next(column::Batch* out) override {
    if (next_ == batches_.size()) return Progress::kDone;
    *out = std::move(batches_[next_++]);
    return Progress::kBatch;
  }

 private:
  SaveState::Batches batches_;
  size_t next_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<State>> MakeSaveState(const physical::SaveSpec& spec,
                                                     const physical::Step& step,
                                                     const Layout& layout, QueryContext* query) {
  (void)step;
  (void)layout;
  return std::make_unique<SaveState>(spec.shared, query->num_places(), query->memory);
}

absl::StatusOr<std::unique_ptr<Sink>> MakeSaveSink(const physical::SaveSpec& spec,
                                                   const physical::Step& step,
                                                   const Layout& layout,
                                                   const StepContext& context) {
  (void)step;
  (void)layout;
  SaveState* also = spec.also < 0 ? nullptr : &context.query->state<SaveState>(spec.also);
  return std::make_unique<SaveSink>(context.query->state<SaveState>(spec.state), also, context);
}

absl::StatusOr<std::unique_ptr<Step>> MakeSavedScan(const physical::SavedScanSpec& spec,
                                                    const physical::Step& step,
                                                    const StepContext& context) {
  (void)step;
  return std::make_unique<SavedScan>(
      context.query->state<SaveState>(spec.state).Read(context.slice));
}

}  // namespace vesto::exec
