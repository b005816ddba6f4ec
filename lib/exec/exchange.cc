#include "exec/exchange.h"

#include <algorithm>

#include "base/status_macros.h"
#include "column/dist_hash.h"
#include "expr/evaluator.h"

namespace vesto::exec {

using column::Batch;
using column::kBatchRows;
using column::Position;
using column::Vector;

void Exchange::Queue::Push(Batch batch) {
  // What was taken leaves room in front; it is used again before there is much of it.
  if (first_ >= kMaxQueued) {
    batches_.erase(batches_.begin(), batches_.begin() + static_cast<ptrdiff_t>(first_));
    first_ = 0;
  }
  batches_.push_back(std::move(batch));
}

bool Exchange::Queue::Pop(Batch* out) {
  if (size() == 0) return false;
  *out = std::move(batches_[first_++]);
  if (size() == 0) {
    batches_.clear();
    first_ = 0;
  }
  return true;
}

Exchange::Exchange(int num_places, Waker* waker)
    : num_places_(num_places),
      waker_(waker),
      inboxes_(std::make_unique<Inbox[]>(num_places)),
      senders_at_(std::make_unique<std::atomic<int>[]>(num_places)) {}

void Exchange::AddSenderAt(int place) {
  senders_.fetch_add(1, std::memory_order_relaxed);
  senders_at_[place].fetch_add(1, std::memory_order_relaxed);
}

bool Exchange::CanSend(int from, int to) const {
  const Inbox& inbox = inboxes_[to];
  base::MutexLock lock(inbox.mutex);
  return inbox.from.empty() || inbox.from[from].size() < kMaxQueued;
}

void Exchange::Send(int from, int to, Batch batch) {
  rows_.fetch_add(batch.rows, std::memory_order_relaxed);
  {
    Inbox& inbox = inboxes_[to];
    base::MutexLock lock(inbox.mutex);
    if (inbox.closed) return;
    if (inbox.from.empty()) inbox.from.resize(num_places_);
    inbox.from[from].Push(std::move(batch));
  }
  waker_->Wake();
}

void Exchange::Close(int to) {
  Inbox& inbox = inboxes_[to];
  std::vector<Queue> dropped;
  {
    base::MutexLock lock(inbox.mutex);
    inbox.closed = true;
    dropped.swap(inbox.from);
  }
  waker_->Wake();
}

void Exchange::SenderDone(int from) {
  // Release: a receiver that sees no sender left also sees every batch in its inbox.
  senders_at_[from].fetch_sub(1, std::memory_order_release);
  senders_.fetch_sub(1, std::memory_order_release);
  waker_->Wake();
}

Progress Exchange::Receive(int to, Batch* out) {
  // Before looking into the inbox: what is sent after this is found by the next call.
  const bool ended = senders_.load(std::memory_order_acquire) == 0;
  Inbox& inbox = inboxes_[to];
  {
    base::MutexLock lock(inbox.mutex);
    for (size_t i = 0; i < inbox.from.size(); ++i) {
      if (!inbox.from[(inbox.next + i) % num_places_].Pop(out)) continue;
      inbox.next = (inbox.next + i + 1) % num_places_;
      break;
    }
  }
  if (out->rows > 0) {
    waker_->Wake();
    return Progress::kBatch;
  }
  return ended ? Progress::kDone : Progress::kBlocked;
}

Progress Exchange::ReceiveFrom(int from, int to, Batch* out) {
  const bool ended = senders_at_[from].load(std::memory_order_acquire) == 0;
  Inbox& inbox = inboxes_[to];
  {
    base::MutexLock lock(inbox.mutex);
    if (!inbox.from.empty()) inbox.from[from].Pop(out);
  }
  if (out->rows > 0) {
    waker_->Wake();
    return Progress::kBatch;
  }
  return ended ? Progress::kDone : Progress::kBlocked;
}

namespace {

// Rows for one receiver, collected until they fill a batch.
class Outbox {
 public:
  void Append(const Batch& batch, std::span<const Position> positions) {
    if (rows_ == 0) {
      columns_.clear();
      for (const Vector& column : batch.columns) {
        columns_.push_back(Vector::Flat(column.type(), column.physical()));
      }
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      column::AppendRows(batch.columns[i], positions, static_cast<int>(positions.size()),
                         &columns_[i], rows_);
    }
    rows_ += static_cast<int>(positions.size());
  }
  int rows() const { return rows_; }
  Batch Take() {
    Batch batch(std::move(columns_), rows_);
    columns_.clear();
    rows_ = 0;
    return batch;
  }
  // Batches of one stream may differ in a column's physical form: those do not share an outbox.
  bool Accepts(const Batch& batch) const {
    if (rows_ == 0) return true;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].physical() != batch.columns[i].physical()) return false;
    }
    return true;
  }

 private:
  std::vector<Vector> columns_;
  int rows_ = 0;
};

class SendSink : public Sink {
 public:
  SendSink(const physical::SendSpec& spec, const StepContext& context)
      : exchange_(context.query->state<Exchange>(spec.exchange)),
        route_(spec.route),
        topology_(context.query->topology),
        slice_(context.slice),
        counters_(*context.counters),
        // Statements start at different slices, so that many small INSERTs fill all of them.
        next_(static_cast<int>((context.query->eval->query_id + context.slice) %
                               std::max(1, topology_.num_slices()))) {}

  absl::Status Init(const physical::SendSpec& spec, const Layout& layout,
                    const functions::EvalContext& eval) {
    for (const expr::ExprPtr& key : spec.keys) {
      VESTO_ASSIGN_OR_RETURN(auto evaluator, expr::Evaluator::Compile(*key, layout, eval));
      keys_.push_back(std::move(evaluator));
    }
    if (route_ == physical::Route::kHash || route_ == physical::Route::kRowSlice ||
        route_ == physical::Route::kRoundRobin) {
      outboxes_.resize(topology_.num_slices());
      positions_.resize(topology_.num_slices());
    }
    return absl::OkStatus();
  }

  bool CanConsume() override {
    switch (route_) {
      case physical::Route::kLeader: return exchange_.CanSend(slice_, topology_.leader());
      case physical::Route::kSliceZero: return exchange_.CanSend(slice_, 0);
      case physical::Route::kLocal: return exchange_.CanSend(slice_, slice_);
      case physical::Route::kRoundRobin:
      case physical::Route::kBroadcast:
      case physical::Route::kHash:
      case physical::Route::kRowSlice:
        for (int to = 0; to < topology_.num_slices(); ++to) {
          if (!exchange_.CanSend(slice_, to)) return false;
        }
        return true;
    }
    return true;
  }

  absl::Status Consume(Batch batch) override {
    switch (route_) {
      case physical::Route::kLeader: Push(topology_.leader(), std::move(batch)); break;
      case physical::Route::kSliceZero: Push(0, std::move(batch)); break;
      case physical::Route::kLocal: Push(slice_, std::move(batch)); break;
      case physical::Route::kRoundRobin:
        if (batch.rows < kBatchRows) return Distribute(batch);  // row by row, for exact balance
        Push(next_, std::move(batch));
        next_ = (next_ + 1) % topology_.num_slices();
        break;
      case physical::Route::kBroadcast:
        for (int to = 0; to < topology_.num_slices(); ++to) Push(to, batch);
        break;
      case physical::Route::kHash:
      case physical::Route::kRowSlice: return Distribute(batch);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Progress> Finish() override {
    if (done_) return Progress::kDone;
    // What is left is small: it may pass the bound of the queues.
    for (size_t to = 0; to < outboxes_.size(); ++to) {
      if (outboxes_[to].rows() > 0) Push(static_cast<int>(to), outboxes_[to].Take());
    }
    exchange_.SenderDone(slice_);
    done_ = true;
    return Progress::kDone;
  }

 private:
  void Push(int to, Batch batch) {
    counters_.bytes += batch.ByteSize();
    exchange_.Send(slice_, to, std::move(batch));
  }

  absl::Status Distribute(const Batch& batch) {
    std::vector<Vector> keys;
    for (auto& evaluator : keys_) {
      VESTO_ASSIGN_OR_RETURN(Vector key, evaluator->Evaluate(batch));
      keys.push_back(std::move(key));
    }
    const int slices = topology_.num_slices();
    for (auto& list : positions_) list.clear();
    if (route_ == physical::Route::kHash) {
      hashes_.resize(kBatchRows);
      column::DistHash(keys, batch.rows, hashes_.data());
      for (int i = 0; i < batch.rows; ++i) {
        positions_[column::SliceOf(hashes_[i], slices)].push_back(static_cast<Position>(i));
      }
    } else if (route_ == physical::Route::kRoundRobin) {
      for (int i = 0; i < batch.rows; ++i) {
        positions_[next_].push_back(static_cast<Position>(i));
        next_ = (next_ + 1) % slices;
      }
    } else {
      const Vector ids = keys[0].Flatten(batch.rows);
      for (int i = 0; i < batch.rows; ++i) {
        // New rows (NULL) may go anywhere; they are routed again before they are inserted.
        const int to = ids.IsNull(i) ? slice_ % slices
                                     : static_cast<int>(ids.data<int64_t>()[i] >> 48) % slices;
        positions_[to].push_back(static_cast<Position>(i));
      }
    }
    for (int to = 0; to < slices; ++to) {
      std::span<const Position> rest = positions_[to];
      if (rest.empty()) continue;
      Outbox& outbox = outboxes_[to];
      if (!outbox.Accepts(batch)) Push(to, outbox.Take());
      while (!rest.empty()) {
        const size_t room = static_cast<size_t>(kBatchRows - outbox.rows());
        const size_t count = std::min(room, rest.size());
        outbox.Append(batch, rest.first(count));
        rest = rest.subspan(count);
        if (outbox.rows() == kBatchRows) Push(to, outbox.Take());
      }
    }
    return absl::OkStatus();
  }

  Exchange& exchange_;
  const physical::Route route_;
  const types::Topology topology_;
  const int slice_;
  StepCounters& counters_;
  int next_;
  bool done_ = false;
  std::vector<std::unique_ptr<expr::Evaluator>> keys_;
  std::vector<Outbox> outboxes_;
  std::vector<std::vector<Position>> positions_;
  std::vector<uint64_t> hashes_;
};

class ReceiveStep : public Step {
 public:
  ReceiveStep(const physical::ReceiveSpec& spec, const StepContext& context)
      : slice_(context.slice) {
    exchanges_.push_back(&context.query->state<Exchange>(spec.exchange));
    for (const physical::StateId next : spec.then) {
      exchanges_.push_back(&context.query->state<Exchange>(next));
    }
  }
  ~ReceiveStep() override {
    for (Exchange* exchange : exchanges_) exchange->Close(slice_);
  }

  absl::StatusOr<Progress> Next(Batch* out) override {
    out->rows = 0;
    while (true) {
      const Progress progress = exchanges_[current_]->Receive(slice_, out);
      if (progress != Progress::kDone || current_ + 1 == exchanges_.size()) return progress;
      ++current_;
    }
  }

 private:
  std::vector<Exchange*> exchanges_;
  size_t current_ = 0;
  const int slice_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Sink>> MakeSendSink(const physical::SendSpec& spec,
                                                   const physical::Step& step,
                                                   const Layout& layout,
                                                   const StepContext& context) {
  auto sink = std::make_unique<SendSink>(spec, context);
  VESTO_RETURN_IF_ERROR(sink->Init(spec, layout, *context.query->eval));
  context.query->state<Exchange>(spec.exchange).AddSenderAt(context.slice);
  return sink;
}

absl::StatusOr<std::unique_ptr<Step>> MakeReceive(const physical::ReceiveSpec& spec,
                                                  const physical::Step& step,
                                                  const StepContext& context) {
  return std::make_unique<ReceiveStep>(spec, context);
}

}  // namespace vesto::exec
