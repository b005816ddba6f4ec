#include "exec/steps/nested_loop.h"

#include <algorithm>

#include "base/status_macros.h"
#include "exec/steps/pair_join.h"
#include "exec/steps/save.h"

namespace vesto::exec {
namespace {

using column::Batch;
using column::Position;
using column::Vector;
using logical::JoinType;

class NestedLoop : public PairJoin {
 public:
  NestedLoop(Options options, std::unique_ptr<Step> input, const StepContext& context,
             SaveState::Batches inner)
      : PairJoin(std::move(options), std::move(input), context), inner_(std::move(inner)) {}
  using PairJoin::Init;

 protected:
  absl::Status StartBatch(const Batch& batch) override {
    rows_in_batch_ = batch.rows;
    row_ = 0;
    inner_batch_ = 0;
    inner_row_ = 0;
    return absl::OkStatus();
  }

  // Pairs of one block share an inner batch, so that a row number is a position in it.
  absl::StatusOr<bool> NextPairs() override {
    if (inner_batch_ == inner_.size()) return false;
    current_ = &inner_[inner_batch_];
    const bool skip_matched = existence_only();
    while (row_ < rows_in_batch_ && static_cast<int>(positions_.size()) < column::kBatchRows) {
      if (skip_matched && matched()[row_] != 0) {
        ++row_;
        inner_row_ = 0;
        continue;
      }
      int count = std::min(current_->rows - inner_row_,
                           column::kBatchRows - static_cast<int>(positions_.size()));
      // Without a condition the first pair settles whether there is any.
      if (skip_matched && !has_condition()) count = std::min(count, 1);
      for (int i = 0; i < count; ++i) {
        positions_.push_back(static_cast<Position>(row_));
        rows_.push_back(static_cast<uint32_t>(inner_row_ + i));
      }
      inner_row_ += count;
      if (inner_row_ == current_->rows || (skip_matched && !has_condition())) {
        ++row_;
        inner_row_ = 0;
      }
    }
    if (row_ == rows_in_batch_) {
      ++inner_batch_;
      row_ = 0;
    }
    return inner_batch_ < inner_.size();
  }

  // The condition holds the comparison of NOT IN itself.
  bool null_excludes() const override { return options().type == JoinType::kNullAwareAnti; }

  Vector BuildColumn(int c, const uint32_t* rows, int count, bool may_miss) override {
    if (may_miss && (current_ == nullptr || AllMissing(rows, count))) {
      return Vector::NullConstant(TypeOf(c));
    }
    const Vector& column = current_->columns[c];
    gather_.resize(count);
    for (int i = 0; i < count; ++i) {
      gather_[i] = static_cast<Position>(rows[i] == kNoRow ? 0 : rows[i]);
    }
    Vector result = column.Gather(gather_);
    if (!may_miss) return result;
    result = result.Flatten(count);
    if (result.has_nulls() && column.is_constant()) return result;
    // Flatten may share the NULL bytes of a dictionary vector that Gather made: they are ours.
    for (int i = 0; i < count; ++i) {
      if (rows[i] != kNoRow) continue;
      result.MutableNulls(count);
      result.SetNull(i);
    }
    return result;
  }

 private:
  static bool AllMissing(const uint32_t* rows, int count) {
    return std::all_of(rows, rows + count, [](uint32_t row) { return row == kNoRow; });
  }
  Type TypeOf(int c) const {
    if (!inner_.empty()) return inner_[0].columns[c].type();
    for (size_t i = 0; i < options().build_output.size(); ++i) {
      if (options().build_output[i] == c) return options().output_types[i];
    }
    return Type::Unknown();
  }

  SaveState::Batches inner_;
  const Batch* current_ = nullptr;
  int rows_in_batch_ = 0, row_ = 0, inner_row_ = 0;
  size_t inner_batch_ = 0;
  std::vector<Position> gather_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeNestedLoop(const physical::NestedLoopSpec& spec,
                                                     const physical::Step& step,
                                                     const Layout& layout,
                                                     std::unique_ptr<Step> input,
                                                     const StepContext& context) {
  PairJoin::Options options;
  options.type = spec.type;
  options.condition = spec.condition.get();
  options.build_layout = spec.build_layout;
  for (size_t i = layout.size(); i < step.output.size(); ++i) {
    options.output_types.push_back(step.output[i].type);
  }
  switch (spec.type) {
    case JoinType::kSemi:
    case JoinType::kAnti:
    case JoinType::kNullAwareAnti:
    case JoinType::kMark: break;
    case JoinType::kRight:
    case JoinType::kFull:
      return absl::InternalError("a nested loop cannot tell which inner rows have no match");
    default:
      for (size_t i = 0; i < spec.build_layout.size(); ++i) {
        options.build_output.push_back(static_cast<int>(i));
      }
  }
  auto join = std::make_unique<NestedLoop>(
      std::move(options), std::move(input), context,
      context.query->state<SaveState>(spec.state).Read(context.slice));
  VESTO_RETURN_IF_ERROR(join->Init(layout));
  return join;
}

}  // namespace vesto::exec
