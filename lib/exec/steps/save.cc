#include "exec/steps/save.h"

#include "base/status_macros.h"
#include "exec/steps/batch_compactor.h"

namespace vesto::exec {

void SaveState::Deliver(int slice, const Batches& batches,
                        std::shared_ptr<base::MemoryCharge> charge) {
  base::MutexLock lock(mutex_);
  Part& part = parts_[slice];
  part.batches.insert(part.batches.end(), batches.begin(), batches.end());
  part.charges.push_back(std::move(charge));
  for (const column::Batch& batch : batches) part.rows += batch.rows;
}

SaveState::Batches SaveState::Read(int slice) const {
  base::MutexLock lock(mutex_);
  if (!shared_) return parts_[slice].batches;
  Batches all;
  for (const Part& part : parts_) {
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
        charge_(std::make_shared<base::MemoryCharge>(context.query->memory)) {}

  absl::Status Consume(column::Batch batch) override {
    compactor_.Add(std::move(batch));
    return Collect();
  }

  absl::StatusOr<Progress> Finish() override {
    compactor_.Flush();
    VESTO_RETURN_IF_ERROR(Collect());
    if (counters_ != nullptr) counters_->work_memory += charge_->bytes();
    if (also_ != nullptr) also_->Deliver(slice_, batches_, charge_);
    state_.Deliver(slice_, batches_, std::move(charge_));
    batches_.clear();
    return Progress::kDone;
  }

 private:
  absl::Status Collect() {
    column::Batch batch;
    while (compactor_.Pop(&batch)) {
      VESTO_RETURN_IF_ERROR(charge_->Grow(batch.ByteSize()));
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
  std::shared_ptr<base::MemoryCharge> charge_;
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
  return std::make_unique<SaveState>(spec.shared, query->num_places());
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
