#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "exec/segment.h"
#include "exec/step.h"
#include "exec/steps/sorted_merge.h"
#include "exec/worker_pool.h"
#include "physical/plan.h"

namespace vesto::exec {

class Exchange;

// What one step did on one slice, for telemetry.
struct StepReport {
  int stream = 0, segment = 0, step = 0, slice = 0;
  std::string_view label;
  const physical::Step* spec = nullptr;
  StepCounters counters;
  int64_t start_micros = 0, end_micros = 0;  // steady clock
};

// A physical plan in execution. The session's thread drives it through Next(); workers of the pool
// help once the query has proved to be longer than what a wake-up costs.
//
// States of a slice task:  ready -> running -> ready | blocked | done;  blocked -> ready on Wake().
// The thread that ends the last task of a stream sets up the next stream.
// Thread-safety: Next and report are for the session's thread; the rest is internally synchronised.
class QueryRun : public Workload, public Waker, public std::enable_shared_from_this<QueryRun> {
 public:
  // `plan` and what `context` points to outlive the run. `pool` may be null.
  static absl::StatusOr<std::shared_ptr<QueryRun>> Start(const physical::Plan& plan,
                                                         QueryContext context, WorkerPool* pool);
  ~QueryRun() override;

  // The next rows of the result; nullopt at the end (for writes at once, when all is done). The
  // first error of any slice is everybody's.
  absl::StatusOr<std::optional<column::Batch>> Next();
  // Called on the session's thread between turns; an error stops the query (timeouts, progress).
  void SetPoll(std::function<absl::Status()> poll) { poll_ = std::move(poll); }
  // Stops the query and waits until no worker touches it. Idempotent.
  void Stop();

  // Complete after the end.
  std::vector<StepReport> Report() const;

  bool WorkOnce() override;
  void Wake() override;

 private:
  enum class TaskState : uint8_t { kReady, kRunning, kBlocked, kDone };
  struct Task {
    std::unique_ptr<Segment> segment;
    TaskState state = TaskState::kReady;
    uint64_t blocked_at = 0;  // wake epoch when it blocked
    int receiver = -1;        // the first task that takes what this one sends
  };
  struct SegmentRun {
    int stream = 0, segment = 0, slice = 0;
    const physical::Segment* spec = nullptr;
    std::unique_ptr<StepCounters[]> counters;  // one per step
    int64_t start_micros = 0, end_micros = 0;
  };

  QueryRun(const physical::Plan& plan, QueryContext context, WorkerPool* pool);

  absl::Status Init();
  absl::Status BeginStream() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status EndStream() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Advances one ready task. False when none is ready.
  bool RunTask();
  void Fail(absl::Status status);
  int NumPlaces(physical::Place place) const;
  // kBatch, kBlocked (nothing yet), kDone.
  absl::StatusOr<Progress> TakeResult(column::Batch* out);

  const physical::Plan& plan_;
  QueryContext context_;
  WorkerPool* const pool_;
  const std::chrono::steady_clock::time_point start_;

  base::Mutex mutex_;
  base::CondVar changed_;
  std::vector<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  std::vector<SegmentRun> runs_ ABSL_GUARDED_BY(mutex_);
  size_t first_run_ ABSL_GUARDED_BY(mutex_) = 0;  // runs_[first_run_ + i] belongs to tasks_[i]
  std::map<int, size_t> first_runs_ ABSL_GUARDED_BY(mutex_);  // first_run_ by stream
  int stream_ ABSL_GUARDED_BY(mutex_) = 0;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t next_task_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t first_live_ ABSL_GUARDED_BY(mutex_) = 0;  // all before it are done
  size_t unfinished_ ABSL_GUARDED_BY(mutex_) = 0;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t rounds_ ABSL_GUARDED_BY(mutex_) = 0;  // of a recursive CTE
  // Grows with every Wake(): a blocked task is ready again when it has grown since. Sequentially
  // consistent with sleepers_: who does not see the new epoch is seen there.
  std::atomic<uint64_t> epoch_{0};
  std::atomic<int> sleepers_{0};
  // Set (release) once the senders of the result exchange are known.
  std::atomic<bool> result_begun_{false};
  std::atomic<bool> helped_{false};  // the pool has been asked

  // Session thread only.
  std::function<absl::Status()> poll_;
  std::unique_ptr<SortedMerge> merge_;
  Layout layout_;
  int64_t skip_ = 0, left_ = -1;  // OFFSET rows to drop, LIMIT rows to give (-1 = all)
  bool ended_ = false;
};

}  // namespace vesto::exec
