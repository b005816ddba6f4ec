#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "exec/step.h"
#include "exec/steps/batch_compactor.h"
#include "exec/steps/row_store.h"
#include "expr/evaluator.h"

namespace vesto::exec {

// What every join does with pairs of an input row and a build row, whoever finds the pairs: the
// condition over both sides, the meaning of the join type, and the gathering of output batches.
//
// A subclass finds candidate pairs of the current input batch, a block at a time:
//   StartBatch(batch) -> NextPairs() until it answers false -> rows without a match are settled.
// Thread-safety: one slice only.
class PairJoin : public Step {
 public:
  struct Options {
    logical::JoinType type = logical::JoinType::kInner;
    const expr::Expr* condition = nullptr;  // over input columns, then build columns; null = true
    std::vector<expr::ColumnId> build_layout;
    std::vector<int> build_output;  // positions in build_layout
    // Types of the output's build columns (or the mark), for a build side that never had a row.
    std::vector<Type> output_types;
  };

  absl::StatusOr<Progress> Next(column::Batch* out) override;

 protected:
  PairJoin(Options options, std::unique_ptr<Step> input, const StepContext& context)
      : context_(context), options_(std::move(options)), input_(std::move(input)) {}
  absl::Status Init(const Layout& layout);

  // --- For subclasses ---
  virtual absl::Status StartBatch(const column::Batch& batch) = 0;
  // Appends up to kBatchRows candidate pairs to positions_ and rows_ (both empty at the call). False
  // when that was the last of this batch. An empty answer is no end.
  virtual absl::StatusOr<bool> NextPairs() = 0;
  // Column `c` of the build layout at `rows`. kNoRow gives NULL.
  virtual column::Vector BuildColumn(int c, const uint32_t* rows, int count, bool may_miss) = 0;
  // Right and full joins: these build rows have a match.
  virtual void MarkBuildRows(const uint32_t* rows, int count) {}
  // Anti joins and marks that care for NULLs: sets unknown[i] where the answer for the unmatched
  // input row i is NULL. matched() tells which are matched.
  virtual absl::Status FindUnknown(const column::Batch& batch, std::vector<uint8_t>* unknown) {
    return absl::OkStatus();
  }
  // Whether a pair whose condition is NULL excludes the row from a null-aware anti join.
  virtual bool null_excludes() const { return false; }
  // The condition over the pairs in positions_ and rows_: keeps those for which it is TRUE. With
  // `keep_null`, those for which it is NULL too.
  absl::Status ApplyCondition(const column::Batch& batch, bool keep_null);

  bool has_condition() const { return condition_ != nullptr; }
  // 1 where a row of the current batch has found a match. Semi and anti joins and marks need no more
  // pairs of such rows.
  const std::vector<uint8_t>& matched() const { return matched_; }
  bool existence_only() const;
  const Options& options() const { return options_; }

  std::vector<column::Position> positions_;
  std::vector<uint32_t> rows_;
  const StepContext context_;

 private:
  absl::Status TakePairs(bool last);
  absl::Status EndBatch();
  void EmitPairs(bool may_miss);
  column::Vector GatherBuild(int output, bool may_miss);

  const Options options_;
  std::unique_ptr<Step> input_;
  std::unique_ptr<expr::Evaluator> condition_;
  std::vector<int> condition_input_, condition_build_;  // the columns that the condition reads
  column::Batch batch_;
  bool in_batch_ = false, done_ = false, emitted_pairs_ = false;
  std::vector<uint8_t> matched_, unknown_;
  BatchCompactor compactor_;
};

}  // namespace vesto::exec
