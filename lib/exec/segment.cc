#include "exec/segment.h"

#include "base/status_macros.h"

namespace vesto::exec {
namespace {

// Batches per turn: about a millisecond of work, after which other tasks get their chance.
constexpr int kBatchesPerTurn = 32;

// Counts what a step gives, so that no step has to.
class CountedStep : public Step {
 public:
  CountedStep(std::unique_ptr<Step> step, StepCounters* counters)
      : step_(std::move(step)), counters_(counters) {}
  absl::StatusOr<Progress> Next(column::Batch* out) override {
    absl::StatusOr<Progress> progress = step_->Next(out);
    if (progress.ok() && *progress == Progress::kBatch) counters_->rows += out->rows;
    return progress;
  }

 private:
  const std::unique_ptr<Step> step_;
  StepCounters* const counters_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Segment>> Segment::Create(const physical::Segment& spec,
                                                         QueryContext* query, int slice,
                                                         int num_peers, int peer,
                                                         StepCounters* counters) {
  VESTO_CHECK(spec.steps.size() >= 2);
  StepContext context{query, slice, num_peers, peer, nullptr};
  std::unique_ptr<Step> last;
  Layout layout;
  for (size_t i = 0; i + 1 < spec.steps.size(); ++i) {
    context.counters = &counters[i];
    VESTO_ASSIGN_OR_RETURN(last, MakeStep(spec.steps[i], layout, std::move(last), context));
    last = std::make_unique<CountedStep>(std::move(last), context.counters);
    layout = LayoutOf(spec.steps[i].output);
  }
  context.counters = &counters[spec.steps.size() - 1];
  VESTO_ASSIGN_OR_RETURN(auto sink, MakeSink(spec.steps.back(), layout, context));
  return std::unique_ptr<Segment>(new Segment(query, std::move(last), std::move(sink), &counters[spec.steps.size() - 1]));
}

absl::StatusOr<Progress> Segment::Advance() {
  for (int turn = 0; turn < kBatchesPerTurn; ++turn) {
    if (query_->cancellation->cancelled()) return query_->cancellation->status();
    if (input_done_) {
      VESTO_ASSIGN_OR_RETURN(const Progress progress, sink_->Finish());
      sink_full_ = progress == Progress::kBlocked;
      if (progress != Progress::kBatch) return progress;
      continue;
    }
    sink_full_ = !sink_->CanConsume();
    if (sink_full_) return turn > 0 ? Progress::kBatch : Progress::kBlocked;
    column::Batch batch;
    VESTO_ASSIGN_OR_RETURN(const Progress progress, last_->Next(&batch));
    switch (progress) {
      case Progress::kBatch:
        sink_counters_->rows += batch.rows;
        VESTO_RETURN_IF_ERROR(sink_->Consume(std::move(batch)));
        break;
      case Progress::kBlocked: return turn > 0 ? Progress::kBatch : Progress::kBlocked;
      case Progress::kDone:
        input_done_ = true;
        last_.reset();  // a step that needs no more (LIMIT) may leave rows behind in an exchange
        break;
    }
  }
  return Progress::kBatch;
}

}  // namespace vesto::exec
