#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "exec/step.h"
#include "expr/evaluator.h"

namespace vesto::exec {

// Merges several sorted streams of batches into one: the leader's last act on ORDER BY.
//
//   while (true) {
//     switch (merge.Next(&batch)) {
//       case kBatch: hand it out
//       case kBlocked: Push() or End() sources until merge.waiting_for() < 0
//       case kDone: return
//     }
//   }
// Ties are taken from the lower source first. Thread-safety: one thread at a time.
class SortedMerge {
 public:
  // The streams are sorted by `keys`, over batches of `layout`. `keys` and `context` outlive it.
  static absl::StatusOr<std::unique_ptr<SortedMerge>> Create(
      const std::vector<logical::SortKey>& keys, const Layout& layout, int num_sources,
      const functions::EvalContext& context);
  ~SortedMerge();

  // The next batch of a source. Sources may be pushed ahead of need.
  absl::Status Push(int source, column::Batch batch);
  // The source has no more batches.
  void End(int source);

  // A batch of 1 to kBatchRows rows; kBlocked while some source that has not ended has no rows.
  absl::StatusOr<Progress> Next(column::Batch* out);
  // A source whose rows Next() misses; -1 when there is none.
  int waiting_for() const;

 private:
  struct Impl;
  explicit SortedMerge(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vesto::exec
