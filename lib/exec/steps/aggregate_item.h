#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "column/batch.h"
#include "exec/step.h"
#include "expr/evaluator.h"

namespace vesto::exec {

// One aggregate of a GROUP BY: the layout of its state and the loops over it. COUNT, SUM, AVG, MIN
// and MAX of numbers have tight loops here; everything else goes through the function's overload.
//
// A state lies at state_offset() of a group's row. Rows (uint8_t*) here are group rows.
// Thread-safety: one slice only.
class AggregateItem {
 public:
  // Compiles the arguments, and the keys of WITHIN GROUP, against `layout` (null: none are needed,
  // the final phase). `heap` is where states keep long strings.
  static absl::StatusOr<std::unique_ptr<AggregateItem>> Create(
      const logical::AggregateItem& item, const Layout* layout,
      const functions::EvalContext& context, column::StringHeap* heap);

  size_t state_bytes() const;      // a multiple of 8
  size_t state_alignment() const;  // 8 or 16
  size_t state_offset() const { return offset_; }
  void set_state_offset(size_t offset) { offset_ = offset; }
  const logical::AggregateItem& item() const { return item_; }
  // Whether rows must come in the order of WITHIN GROUP. Percentiles sort their values themselves.
  bool ordered() const { return !item_.within_group.empty() && !orders_itself_; }
  // Whether the values of the WITHIN GROUP keys are arguments too: PERCENTILE_CONT(fraction) WITHIN
  // GROUP (ORDER BY value) is a function of (fraction, value).
  bool takes_order_keys() const {
    return !item_.within_group.empty() &&
           overload_->parameters.size() == item_.args.size() + item_.within_group.size();
  }
  bool owns_memory() const { return overload_->destroy != nullptr && kind_ == Kind::kGeneric; }

  // Makes a new group's zeroed state.
  void Init(uint8_t* row) const;
  void Destroy(uint8_t* row) const;

  // Evaluates the arguments of a batch; flat or constant. Rows that must not reach the state (a NULL
  // argument) are named by selection(): empty optional meaning "all".
  absl::Status Evaluate(const column::Batch& batch);
  const std::vector<column::Vector>& arguments() const { return arguments_; }
  // The values of the WITHIN GROUP keys.
  const std::vector<column::Vector>& order_keys() const { return order_keys_; }

  // Adds the evaluated arguments: row i to rows[i].
  absl::Status Update(int count, uint8_t* const* rows);
  // Every row to one group.
  absl::Status UpdateSingle(int count, uint8_t* row);
  // Rows in runs of one group each: run g is positions[begins[g], begins[g + 1]).
  absl::Status UpdateRuns(int count, const column::Position* positions, const int* begins,
                          uint8_t* const* run_rows, int num_runs, uint8_t* const* rows);
  // Adds explicit arguments (sorted or distinct rows) instead of the evaluated ones.
  absl::Status UpdateWith(std::vector<column::Vector> arguments, int count, uint8_t* const* rows);
  // Positions whose arguments are all present, when the function ignores NULLs; false if all are.
  bool NonNullPositions(int count, std::vector<column::Position>* positions) const;

  // Percentiles of a descending order: the fraction counts from the other end.
  void TurnFraction(std::vector<column::Vector>* arguments) const;

  // Counts and exact sums: the state of rows[a, b) is that of the first b less that of the first a.
  bool can_subtract() const;
  // result = high - low. Only with can_subtract().
  void Subtract(const uint8_t* high, const uint8_t* low, uint8_t* result) const;

  // Adds the state at sources[i] to rows[i].
  absl::Status Merge(const uint8_t* const* sources, uint8_t* const* rows, int count);
  // The results of `rows`.
  absl::StatusOr<column::Vector> Finish(uint8_t* const* rows, int count);

 private:
  enum class Kind : uint8_t {
    kCountAll, kCount, kSumInt, kSumDouble, kExtremeInt, kExtremeWide, kExtremeDouble, kGeneric,
  };

  AggregateItem(const logical::AggregateItem& item, const functions::EvalContext& context,
                column::StringHeap* heap);
  void ChooseKind();
  functions::AggregateCall Call(std::span<const column::Vector> args, int count) const;
  template <typename Visit>
  void Dispatch(const column::Vector& vector, Visit&& visit) const;
  absl::Status UpdateGeneric(int count, uint8_t* const* rows, uint8_t* single);

  const logical::AggregateItem& item_;
  const functions::AggregateOverload* overload_;
  const functions::EvalContext& context_;
  column::StringHeap* heap_;
  Kind kind_ = Kind::kGeneric;
  bool orders_itself_ = false;
  bool is_average_ = false;
  bool is_max_ = false;
  size_t offset_ = 0;
  std::vector<std::unique_ptr<expr::Evaluator>> evaluators_, order_evaluators_;
  std::vector<column::Vector> arguments_, order_keys_;
  std::vector<uint8_t*> states_;          // scratch
  std::vector<const uint8_t*> sources_;   // scratch
  std::vector<column::Position> present_;  // scratch
};

}  // namespace vesto::exec
