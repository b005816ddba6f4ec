#include "exec/steps/pair_join.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"

namespace vesto::exec {

using column::Batch;
using column::Position;
using column::Vector;
using logical::JoinType;

absl::Status PairJoin::Init(const Layout& layout) {
  if (options_.condition == nullptr) return absl::OkStatus();
  // The condition is compiled against the columns that it reads: only those are gathered.
  absl::flat_hash_set<expr::ColumnId> used;
  expr::CollectColumns(*options_.condition, &used);
  Layout condition_layout;
  for (size_t i = 0; i < layout.size(); ++i) {
    if (!used.contains(layout[i])) continue;
    condition_input_.push_back(static_cast<int>(i));
    condition_layout.push_back(layout[i]);
  }
  for (size_t i = 0; i < options_.build_layout.size(); ++i) {
    if (!used.contains(options_.build_layout[i])) continue;
    condition_build_.push_back(static_cast<int>(i));
    condition_layout.push_back(options_.build_layout[i]);
  }
  VESTO_ASSIGN_OR_RETURN(condition_,
                         expr::Evaluator::Compile(*options_.condition, condition_layout,
                                                  *context_.query->eval));
  return absl::OkStatus();
}

bool PairJoin::existence_only() const {
  switch (options_.type) {
    case JoinType::kSemi:
    case JoinType::kAnti:
    case JoinType::kNullAwareAnti:
    case JoinType::kMark: return true;
    default: return false;
  }
}

absl::Status PairJoin::ApplyCondition(const Batch& batch, bool keep_null) {
  if (condition_ == nullptr || positions_.empty()) return absl::OkStatus();
  const int count = static_cast<int>(positions_.size());
  Batch pairs;
  pairs.rows = count;
  for (const int c : condition_input_) {
    pairs.columns.push_back(batch.columns[c].Gather(positions_));
  }
  for (const int c : condition_build_) {
    pairs.columns.push_back(BuildColumn(c, rows_.data(), count, false));
  }
  size_t kept = 0;
  if (keep_null) {
    VESTO_ASSIGN_OR_RETURN(Vector answer, condition_->Evaluate(pairs));
    answer = answer.Flatten(count);
    for (int i = 0; i < count; ++i) {
      if (!answer.IsNull(i) && answer.data<uint8_t>()[i] == 0) continue;
      positions_[kept] = positions_[i];
      rows_[kept++] = rows_[i];
    }
  } else {
    std::vector<Position> selected;
    VESTO_RETURN_IF_ERROR(condition_->Filter(pairs, &selected));
    for (const Position i : selected) {
      positions_[kept] = positions_[i];
      rows_[kept++] = rows_[i];
    }
  }
  positions_.resize(kept);
  rows_.resize(kept);
  return absl::OkStatus();
}

Vector PairJoin::GatherBuild(int output, bool may_miss) {
  return BuildColumn(options_.build_output[output], rows_.data(), static_cast<int>(rows_.size()),
                     may_miss);
}

void PairJoin::EmitPairs(bool may_miss) {
  if (positions_.empty()) return;
  const int count = static_cast<int>(positions_.size());
  Batch out;
  out.rows = count;
  bool whole = count == batch_.rows;
  for (int i = 0; i < count && whole; ++i) whole = positions_[i] == i;
  if (whole) {
    // Every row once and in order: the input's vectors are the output's.
    out.columns = batch_.columns;
  } else {
    out.columns.reserve(batch_.columns.size() + options_.build_output.size());
    for (const Vector& column : batch_.columns) out.columns.push_back(column.Gather(positions_));
  }
  for (size_t i = 0; i < options_.build_output.size(); ++i) {
    out.columns.push_back(GatherBuild(static_cast<int>(i), may_miss));
  }
  compactor_.Add(std::move(out));
}

absl::Status PairJoin::TakePairs(bool last) {
  VESTO_RETURN_IF_ERROR(ApplyCondition(batch_, null_excludes()));
  switch (options_.type) {
    case JoinType::kInner: EmitPairs(false); return absl::OkStatus();
    case JoinType::kRight:
      MarkBuildRows(rows_.data(), static_cast<int>(rows_.size()));
      EmitPairs(false);
      return absl::OkStatus();
    case JoinType::kSemi:
      if (last && !emitted_pairs_) {
        // All matches at once; where each row comes once, they are the answer as they stand.
        bool ascending = true;
        for (size_t i = 1; i < positions_.size(); ++i) {
          ascending = ascending && positions_[i - 1] < positions_[i];
        }
        if (ascending) {
          if (!positions_.empty()) {
            compactor_.Add(static_cast<int>(positions_.size()) == batch_.rows
                               ? batch_
                               : batch_.Gather(positions_));
          }
          return absl::OkStatus();
        }
      }
      emitted_pairs_ = emitted_pairs_ || !positions_.empty();
      [[fallthrough]];
    case JoinType::kAnti:
    case JoinType::kNullAwareAnti:
    case JoinType::kMark:
      for (const Position p : positions_) matched_[p] = 1;
      return absl::OkStatus();
    case JoinType::kSingle:
    case JoinType::kLeft:
    case JoinType::kFull: break;
  }
  bool unique = true;
  for (const Position p : positions_) {
    unique = unique && matched_[p] == 0;
    matched_[p] = 1;
  }
  if (options_.type == JoinType::kSingle && !unique) {
    return SqlError(SqlState::kCardinalityViolation,
                    "more than one row returned by a subquery used as an expression");
  }
  if (options_.type == JoinType::kFull) {
    MarkBuildRows(rows_.data(), static_cast<int>(rows_.size()));
  }
  if (last && unique && !emitted_pairs_) {
    // At most one match each, and all of them here: one batch of all rows, in order.
    std::vector<uint32_t> partner(batch_.rows, kNoRow);
    for (size_t i = 0; i < positions_.size(); ++i) partner[positions_[i]] = rows_[i];
    const bool may_miss = static_cast<int>(positions_.size()) < batch_.rows;
    positions_.resize(batch_.rows);
    for (int i = 0; i < batch_.rows; ++i) positions_[i] = static_cast<Position>(i);
    rows_ = std::move(partner);
    EmitPairs(may_miss);
    std::fill(matched_.begin(), matched_.end(), 1);
    return absl::OkStatus();
  }
  emitted_pairs_ = emitted_pairs_ || !positions_.empty();
  EmitPairs(false);
  return absl::OkStatus();
}

absl::Status PairJoin::EndBatch() {
  const int rows = batch_.rows;
  positions_.clear();
  rows_.clear();
  const auto collect = [&](auto&& wanted) {
    positions_.resize(rows);
    size_t n = 0;
    for (int i = 0; i < rows; ++i) {
      positions_[n] = static_cast<Position>(i);
      n += wanted(i) ? 1 : 0;
    }
    positions_.resize(n);
  };
  const auto emit_selected = [&] {
    if (positions_.empty()) return;
    compactor_.Add(static_cast<int>(positions_.size()) == rows ? batch_ : batch_.Gather(positions_));
  };
  switch (options_.type) {
    case JoinType::kInner:
    case JoinType::kRight: return absl::OkStatus();
    case JoinType::kLeft:
    case JoinType::kFull:
    case JoinType::kSingle:
      collect([&](int i) { return matched_[i] == 0; });
      rows_.assign(positions_.size(), kNoRow);
      EmitPairs(true);
      return absl::OkStatus();
    case JoinType::kSemi:
      collect([&](int i) { return matched_[i] != 0; });
      emit_selected();
      return absl::OkStatus();
    case JoinType::kAnti:
      collect([&](int i) { return matched_[i] == 0; });
      emit_selected();
      return absl::OkStatus();
    case JoinType::kNullAwareAnti:
      unknown_.assign(rows, 0);
      VESTO_RETURN_IF_ERROR(FindUnknown(batch_, &unknown_));
      collect([&](int i) { return matched_[i] == 0 && unknown_[i] == 0; });
      emit_selected();
      return absl::OkStatus();
    case JoinType::kMark: {
      unknown_.assign(rows, 0);
      VESTO_RETURN_IF_ERROR(FindUnknown(batch_, &unknown_));
      Vector mark = Vector::Flat(Type::Boolean(), types::PhysicalType::kBool, rows);
      auto* out = mark.mutable_data<uint8_t>();
      bool any_unknown = false;
      for (int i = 0; i < rows; ++i) {
        out[i] = matched_[i];
        any_unknown = any_unknown || (matched_[i] == 0 && unknown_[i] != 0);
      }
      if (any_unknown) {
        uint8_t* nulls = mark.MutableNulls(rows);
        for (int i = 0; i < rows; ++i) nulls[i] = matched_[i] == 0 && unknown_[i] != 0 ? 1 : 0;
      }
      Batch marked = batch_;
      marked.columns.push_back(std::move(mark));
      compactor_.Add(std::move(marked));
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Progress> PairJoin::Next(Batch* out) {
  while (true) {
    if (compactor_.Pop(out)) return Progress::kBatch;
    if (done_) return Progress::kDone;
    if (!in_batch_) {
      Batch batch;
      VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(&batch));
      if (progress != Progress::kBatch) {
        compactor_.Flush();
        done_ = progress == Progress::kDone;
        if (compactor_.Pop(out)) return Progress::kBatch;
        return progress;
      }
      batch_ = std::move(batch);
      matched_.assign(batch_.rows, 0);
      emitted_pairs_ = false;
      VESTO_RETURN_IF_ERROR(StartBatch(batch_));
      in_batch_ = true;
    }
    positions_.clear();
    rows_.clear();
    VESTO_ASSIGN_OR_RETURN(const bool more, NextPairs());
    VESTO_RETURN_IF_ERROR(TakePairs(!more));
    if (more) {
      // A batch with many pairs is long: look up now and then.
      if (context_.query->cancellation != nullptr && context_.query->cancellation->cancelled()) {
        return context_.query->cancellation->status();
      }
      continue;
    }
    VESTO_RETURN_IF_ERROR(EndBatch());
    in_batch_ = false;
    batch_ = Batch();
  }
}

}  // namespace vesto::exec
