#include "exec/steps/batch_compactor.h"

#include <algorithm>
#include <cstring>

#include "column/dispatch.h"

namespace vesto::exec {

using column::Batch;
using column::Vector;
using types::PhysicalType;

Vector WidenedToInt128(const Vector& vector, int rows) {
  Vector result = Vector::Flat(vector.type(), PhysicalType::kInt128, std::max(rows, 1));
  column::DispatchPhysical(vector.physical(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, int128_t>) {
      for (int i = 0; i < rows; ++i) {
        result.mutable_data<int128_t>()[i] = vector.data<T>()[vector.is_constant() ? 0 : i];
      }
    }
  });
  if (vector.has_nulls()) {
    uint8_t* nulls = result.MutableNulls(rows);
    for (int i = 0; i < rows; ++i) nulls[i] = vector.IsNull(i);
  }
  return result;
}

namespace {

Vector ConcatenateColumn(const std::vector<Batch>& batches, size_t c, int rows) {
  const Vector& first = batches[0].columns[c];
  bool same_dictionary = first.is_dictionary(), all_null = true, any_wide = false, any_narrow = false;
  for (const Batch& batch : batches) {
    const Vector& column = batch.columns[c];
    same_dictionary = same_dictionary && column.is_dictionary() &&
                      column.dictionary() == first.dictionary();
    all_null = all_null && column.IsConstantNull();
    any_wide = any_wide || column.physical() == PhysicalType::kInt128;
    any_narrow = any_narrow || column.physical() != PhysicalType::kInt128;
  }
  if (all_null) return first;
  Vector result;
  if (same_dictionary) {
    result = Vector::OfDictionary(first.type(), first.dictionary(), rows);
    int offset = 0;
    for (const Batch& batch : batches) {
      const Vector& column = batch.columns[c];
      std::memcpy(result.mutable_codes() + offset, column.codes(), sizeof(uint16_t) * batch.rows);
      if (column.has_nulls()) {
        std::memcpy(result.MutableNulls(rows) + offset, column.nulls(), batch.rows);
      }
      offset += batch.rows;
    }
    return result;
  }
  const bool widen = any_wide && any_narrow;
  result = Vector::Flat(first.type(), any_wide ? PhysicalType::kInt128 : first.physical(),
                        column::kBatchRows);
  int offset = 0;
  for (const Batch& batch : batches) {
    const Vector& column = batch.columns[c];
    if (widen && column.physical() != PhysicalType::kInt128) {
      column::AppendRows(WidenedToInt128(column, batch.rows), {}, batch.rows, &result, offset);
    } else {
      column::AppendRows(column, {}, batch.rows, &result, offset);
    }
    offset += batch.rows;
  }
  return result;
}

}  // namespace

Batch ConcatenateBatches(std::vector<Batch> batches) {
  if (batches.size() == 1) return std::move(batches[0]);
  Batch result;
  for (const Batch& batch : batches) result.rows += batch.rows;
  const size_t num_columns = batches[0].columns.size();
  result.columns.reserve(num_columns);
  for (size_t c = 0; c < num_columns; ++c) {
    result.columns.push_back(ConcatenateColumn(batches, c, result.rows));
  }
  return result;
}

void BatchCompactor::Add(Batch batch) {
  if (batch.rows == 0) return;
  if (batch.rows >= kFull) {
    Concatenate();  // rows keep their order
    ready_.push_back(std::move(batch));
    return;
  }
  if (pending_rows_ + batch.rows > column::kBatchRows) Concatenate();
  pending_rows_ += batch.rows;
  pending_.push_back(std::move(batch));
  if (pending_rows_ >= column::kBatchRows - kFull) Concatenate();
}

void BatchCompactor::Concatenate() {
  if (pending_.empty()) return;
  ready_.push_back(ConcatenateBatches(std::move(pending_)));
  pending_.clear();
  pending_rows_ = 0;
}

void BatchCompactor::Flush() { Concatenate(); }

bool BatchCompactor::Pop(Batch* out) {
  if (next_ready_ == ready_.size()) return false;
  *out = std::move(ready_[next_ready_++]);
  if (next_ready_ == ready_.size()) {
    ready_.clear();
    next_ready_ = 0;
  }
  return true;
}

}  // namespace vesto::exec
