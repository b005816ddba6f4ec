#include "exec/query_run.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "exec/exchange.h"
#include "exec/steps/save.h"
#include "expr/evaluator.h"

namespace vesto::exec {
namespace {

// A query that has run this long is worth waking the workers for (performance.md §8: 25 us a wake).
constexpr auto kHelpAfter = std::chrono::microseconds(150);
constexpr auto kPollInterval = std::chrono::milliseconds(20);

}  // namespace

QueryRun::QueryRun(const physical::Plan& plan, QueryContext context, WorkerPool* pool)
    : plan_(plan),
      context_(std::move(context)),
      pool_(pool),
      start_(std::chrono::steady_clock::now()) {}

absl::StatusOr<std::shared_ptr<QueryRun>> QueryRun::Start(const physical::Plan& plan,
                                                          QueryContext context, WorkerPool* pool) {
  std::shared_ptr<QueryRun> run(new QueryRun(plan, std::move(context), pool));
  VESTO_RETURN_IF_ERROR(run->Init());
  return run;
}

QueryRun::~QueryRun() { Stop(); }

absl::Status QueryRun::Init() {
  context_.waker = this;
  context_.states.resize(plan_.num_states);
  const auto row_count = [&](const expr::ExprPtr& expr, const char* clause,
                             int64_t otherwise) -> absl::StatusOr<int64_t> {
    if (expr == nullptr) return otherwise;
    VESTO_ASSIGN_OR_RETURN(const Value value, expr::EvaluateConstant(*expr, *context_.eval));
    if (value.is_null()) return otherwise;
    if (value.integer() < 0) {
      return SqlError(SqlState::kInvalidParameterValue,
                      std::string(clause) + " must not be negative");
    }
    return value.integer();
  };
  VESTO_ASSIGN_OR_RETURN(left_, row_count(plan_.limit, "LIMIT", -1));
  VESTO_ASSIGN_OR_RETURN(skip_, row_count(plan_.offset, "OFFSET", 0));
  if (plan_.result >= 0) {
    context_.states[plan_.result] = std::make_unique<Exchange>(context_.num_places(), this);
    if (!plan_.merge_keys.empty() && !plan_.streams.empty()) {
      layout_ = LayoutOf(plan_.streams.back().segments.back().steps.back().output);
      VESTO_ASSIGN_OR_RETURN(merge_, SortedMerge::Create(plan_.merge_keys, layout_,
                                                         context_.num_places(), *context_.eval));
    }
  }
  base::MutexLock lock(mutex_);
  return BeginStream();
}

int QueryRun::NumPlaces(physical::Place place) const {
  return place == physical::Place::kSlices ? context_.topology.num_slices() : 1;
}

absl::Status QueryRun::BeginStream() {
  tasks_.clear();
  next_task_ = 0;
  if (stream_ >= static_cast<int>(plan_.streams.size())) {
    finished_ = true;
    changed_.NotifyAll();
    return absl::OkStatus();
  }
  const physical::Stream& stream = plan_.streams[stream_];
  absl::flat_hash_set<physical::StateId> exchanges;
  for (const physical::Segment& segment : stream.segments) {
    const physical::Step& sink = segment.steps.back();
    const Layout layout = segment.steps.size() > 1
                              ? LayoutOf(segment.steps[segment.steps.size() - 2].output)
                              : Layout();
    // Saved rows of earlier rounds and the exchange that the session reads stay what they are.
    physical::StateId id = -1;
    if (const auto* send = std::get_if<physical::SendSpec>(&sink.spec)) {
      id = send->exchange;
      if (id == plan_.result) continue;
      // Several segments may send into one exchange: it is made for the first of them.
      if (exchanges.insert(id).second) {
        context_.states[id] = std::make_unique<Exchange>(context_.num_places(), this);
      }
      continue;
    }
    if (const auto* save = std::get_if<physical::SaveSpec>(&sink.spec)) {
      if (save->also >= 0 && context_.states[save->also] == nullptr) {
        context_.states[save->also] =
            std::make_unique<SaveState>(save->shared, context_.num_places(), context_.memory);
      }
      if (context_.states[save->state] != nullptr && stream.repeat_state == save->state) continue;
      id = save->state;
    } else if (const auto* hash = std::get_if<physical::HashBuildSpec>(&sink.spec)) {
      id = hash->state;
    } else if (const auto* groups = std::get_if<physical::AggregateSpec>(&sink.spec)) {
      id = groups->state;
    } else if (const auto* sort = std::get_if<physical::SortSpec>(&sink.spec)) {
      id = sort->state;
    }
    if (id < 0) continue;
    VESTO_ASSIGN_OR_RETURN(context_.states[id], MakeState(sink, layout, &context_));
  }
  size_t num_tasks = 0;
  for (const physical::Segment& segment : stream.segments) num_tasks += NumPlaces(segment.place);
  tasks_.reserve(num_tasks);
  runs_.reserve(runs_.size() + num_tasks);
  // A stream that is repeated goes on with the counters of its first round.
  const auto [first, is_new] = first_runs_.try_emplace(stream_, runs_.size());
  first_run_ = first->second;
  bool sends_result = false;
  for (size_t s = 0; s < stream.segments.size(); ++s) {
    const physical::Segment& segment = stream.segments[s];
    const auto* send = std::get_if<physical::SendSpec>(&segment.steps.back().spec);
    sends_result = sends_result || (send != nullptr && send->exchange == plan_.result);
    const int places = NumPlaces(segment.place);
    for (int peer = 0; peer < places; ++peer) {
      const int place =
          segment.place == physical::Place::kLeader ? context_.topology.leader() : peer;
      if (is_new) {
        SegmentRun run;
        run.stream = stream_;
        run.segment = static_cast<int>(s);
        run.slice = place;
        run.spec = &segment;
        run.counters = std::make_unique<StepCounters[]>(segment.steps.size());
        runs_.push_back(std::move(run));
      }
      const SegmentRun& run = runs_[first_run_ + tasks_.size()];
      Task task;
      VESTO_ASSIGN_OR_RETURN(
          task.segment,
          Segment::Create(segment, &context_, place, places, peer, run.counters.get()));
      tasks_.push_back(std::move(task));
    }
  }
  unfinished_ = tasks_.size();
  first_live_ = 0;
  // Where the rows of an exchange are taken: a sender with no room gives way to those who make room.
  absl::flat_hash_map<physical::StateId, size_t> receivers;
  for (size_t i = tasks_.size(); i-- > 0;) {
    const auto* receive =
        std::get_if<physical::ReceiveSpec>(&runs_[first_run_ + i].spec->steps.front().spec);
    if (receive == nullptr) continue;
    receivers[receive->exchange] = i;
    for (const physical::StateId next : receive->then) receivers[next] = i;
  }
  for (size_t i = 0; i < tasks_.size(); ++i) {
    const auto* send =
        std::get_if<physical::SendSpec>(&runs_[first_run_ + i].spec->steps.back().spec);
    if (send == nullptr) continue;
    if (const auto it = receivers.find(send->exchange); it != receivers.end()) {
      tasks_[i].receiver = static_cast<int>(it->second);
    }
  }
  if (sends_result) result_begun_.store(true, std::memory_order_release);
  changed_.NotifyAll();
  if (helped_ && pool_ != nullptr) pool_->Notify();
  return absl::OkStatus();
}

absl::Status QueryRun::EndStream() {
  const physical::Stream& stream = plan_.streams[stream_];
  if (stream.repeat_from >= 0) {
    auto& next_round = context_.state<SaveState>(stream.repeat_state);
    if (next_round.rows() > 0) {
      context_.state<SaveState>(stream.repeat_input).TakeFrom(next_round);
      if (++rounds_ > context_.max_recursion) {
        return SqlError(SqlState::kProgramLimitExceeded, "Exceeded recursive CTE max rows limit.")
            .Hint("End the recursion by a condition, or raise vesto_max_recursion.");
      }
      stream_ = stream.repeat_from;
      return BeginStream();
    }
  }
  ++stream_;
  return BeginStream();
}

void QueryRun::Fail(absl::Status status) { context_.cancellation->Cancel(std::move(status)); }

bool QueryRun::RunTask() {
  Task* task = nullptr;
  SegmentRun* run = nullptr;
  uint64_t epoch = 0;
  {
    base::MutexLock lock(mutex_);
    if (finished_ || stopped_ || context_.cancellation->cancelled()) return false;
    epoch = epoch_;
    while (first_live_ < tasks_.size() && tasks_[first_live_].state == TaskState::kDone) ++first_live_;
    const size_t live = tasks_.size() - first_live_;
    next_task_ = std::max(next_task_, first_live_);
    for (size_t i = 0; i < live && task == nullptr; ++i) {
      const size_t index = first_live_ + (next_task_ - first_live_ + i) % live;
      Task& candidate = tasks_[index];
      if (candidate.state == TaskState::kReady ||
          (candidate.state == TaskState::kBlocked && candidate.blocked_at != epoch)) {
        task = &candidate;
        run = &runs_[first_run_ + index];
        next_task_ = index + 1;
      }
    }
    if (task == nullptr) return false;
    task->state = TaskState::kRunning;
    ++running_;
  }
  const auto now = [this] {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() -
                                                                 start_)
        .count();
  };
  const int64_t begin = now();
  absl::StatusOr<Progress> progress = Progress::kDone;
  // Nothing that goes wrong inside a step may end the host process.
  try {
    progress = task->segment->Advance();
  } catch (const std::bad_alloc&) {
    progress = SqlError(SqlState::kOutOfMemory, "out of memory").ToStatus();
  } catch (const std::exception& failure) {
    progress = absl::InternalError(failure.what());
  }
  const int64_t end = now();

  base::MutexLock lock(mutex_);
  --running_;
  if (run->end_micros == 0) run->start_micros = begin;
  run->end_micros = end;
  // The time of the turn is the segment's: steps are not timed one by one, which would cost more
  // than many of them take.
  run->counters[run->spec->steps.size() - 1].micros += end - begin;
  if (!progress.ok()) {
    Fail(progress.status());
    task->state = TaskState::kDone;
  } else {
    switch (*progress) {
      case Progress::kBatch: task->state = TaskState::kReady; break;
      case Progress::kBlocked:
        task->state = TaskState::kBlocked;
        task->blocked_at = epoch;
        if (task->receiver >= 0 && task->segment->sink_full()) {
          next_task_ = static_cast<size_t>(task->receiver);
        }
        break;
      case Progress::kDone: task->state = TaskState::kDone; break;
    }
    if (task->state == TaskState::kDone) {
      if (--unfinished_ == 0 && !stopped_ && !context_.cancellation->cancelled()) {
        absl::Status status;
        try {
          status = EndStream();
        } catch (const std::exception& failure) {
          status = absl::InternalError(failure.what());
        }
        if (!status.ok()) Fail(std::move(status));
      }
    }
  }
  changed_.NotifyAll();
  return true;
}

bool QueryRun::WorkOnce() { return RunTask(); }

void QueryRun::Wake() {
  ++epoch_;
  if (sleepers_ > 0) {
    base::MutexLock lock(mutex_);
    changed_.NotifyAll();
  }
  if (helped_ && pool_ != nullptr) pool_->Notify();
}

absl::StatusOr<Progress> QueryRun::TakeResult(column::Batch* out) {
  if (plan_.result < 0 || !result_begun_.load(std::memory_order_acquire)) {
    base::MutexLock lock(mutex_);
    if (!finished_) return Progress::kBlocked;
    // Workers may have begun and ended the last stream since the look at result_begun_.
    if (plan_.result < 0 || !result_begun_.load(std::memory_order_acquire)) return Progress::kDone;
  }
  auto& exchange = context_.state<Exchange>(plan_.result);
  const int leader = context_.topology.leader();
  out->rows = 0;
  if (merge_ == nullptr) return exchange.Receive(leader, out);
  while (true) {
    VESTO_ASSIGN_OR_RETURN(const Progress progress, merge_->Next(out));
    if (progress != Progress::kBlocked) return progress;
    const int source = merge_->waiting_for();
    column::Batch batch;
    switch (exchange.ReceiveFrom(source, leader, &batch)) {
      case Progress::kBatch: VESTO_RETURN_IF_ERROR(merge_->Push(source, std::move(batch))); break;
      case Progress::kDone: merge_->End(source); break;
      case Progress::kBlocked: return Progress::kBlocked;
    }
  }
}

absl::StatusOr<std::optional<column::Batch>> QueryRun::Next() {
  if (ended_) return std::nullopt;
  while (true) {
    if (left_ == 0) {
      ended_ = true;
      Stop();
      return std::nullopt;
    }
    const uint64_t epoch = epoch_;
    column::Batch batch;
    absl::StatusOr<Progress> progress = TakeResult(&batch);
    if (!progress.ok()) Fail(progress.status());
    if (context_.cancellation->cancelled()) {
      Stop();
      return context_.cancellation->status();
    }
    if (*progress == Progress::kDone) {
      bool finished;
      {
        base::MutexLock lock(mutex_);
        finished = finished_;
      }
      if (finished) {
        ended_ = true;
        Stop();
        return std::nullopt;
      }
    }
    if (*progress == Progress::kBatch) {
      if (skip_ >= batch.rows) {
        skip_ -= batch.rows;
        continue;
      }
      if (skip_ > 0) {
        batch = batch.Slice(static_cast<int>(skip_), batch.rows - static_cast<int>(skip_));
        skip_ = 0;
      }
      if (left_ >= 0) {
        if (batch.rows > left_) batch = batch.Slice(0, static_cast<int>(left_));
        left_ -= batch.rows;
      }
      if (batch.columns.size() > plan_.output.size()) batch.columns.resize(plan_.output.size());
      return batch;
    }
    if (poll_ != nullptr) {
      if (absl::Status status = poll_(); !status.ok()) {
        Fail(status);
        Stop();
        return context_.cancellation->status();
      }
    }
    if (!helped_ && pool_ != nullptr && pool_->num_threads() > 0 &&
        std::chrono::steady_clock::now() - start_ > kHelpAfter) {
      helped_ = true;
      pool_->Add(shared_from_this());
    }
    if (RunTask()) continue;
    base::MutexLock lock(mutex_);
    ++sleepers_;
    if (epoch_ == epoch && !finished_ && !context_.cancellation->cancelled()) {
      changed_.WaitFor(mutex_, kPollInterval);
    }
    --sleepers_;
  }
}

void QueryRun::Stop() {
  if (helped_ && pool_ != nullptr) pool_->Remove(this);
  base::MutexLock lock(mutex_);
  stopped_ = true;
  while (running_ > 0) changed_.Wait(mutex_);
  // A worker may hold this object a little longer; what is charged to the statement goes now.
  tasks_.clear();
  for (auto& state : context_.states) state.reset();
}

std::vector<StepReport> QueryRun::Report() const {
  std::vector<StepReport> reports;
  size_t count = 0;
  for (const SegmentRun& run : runs_) count += run.spec->steps.size();
  reports.reserve(count);
  int segment_base = 0, stream = -1;
  int segments_in_stream = 0;
  for (const SegmentRun& run : runs_) {
    if (run.stream != stream) {
      segment_base += segments_in_stream;
      stream = run.stream;
      segments_in_stream = static_cast<int>(plan_.streams[stream].segments.size());
    }
    for (size_t i = 0; i < run.spec->steps.size(); ++i) {
      const physical::Step& step = run.spec->steps[i];
      reports.push_back({run.stream, segment_base + run.segment, static_cast<int>(i), run.slice,
                         physical::StepLabel(step.spec), &step, run.counters[i],
                         run.start_micros, run.end_micros});
    }
  }
  return reports;
}

}  // namespace vesto::exec
