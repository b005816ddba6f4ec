#include "logical/constant_rows.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace vesto::logical {

using column::Batch;
using column::kBatchRows;
using column::Vector;

absl::Status ConstantRows::Set(size_t row, size_t column, const Value& value) {
  if (row / kBatchRows == batches_.size()) {
    const int rows = static_cast<int>(
        std::min<size_t>(kBatchRows, num_rows_ - batches_.size() * kBatchRows));
    Batch batch;
    batch.rows = rows;
    batch.columns.reserve(types_.size());
    int64_t bytes = 0;
    for (const Type& type : types_) {
      const types::PhysicalType physical = types::DefaultPhysicalType(type);
      batch.columns.push_back(Vector::Flat(type, physical, rows));
      bytes += static_cast<int64_t>(types::PhysicalSize(physical)) * rows;
    }
    VESTO_RETURN_IF_ERROR(charge_.Grow(bytes));
    batches_.push_back(std::move(batch));
  }
  Batch& batch = batches_.back();
  Vector& vector = batch.columns[column];
  const bool text = vector.physical() == types::PhysicalType::kString;
  const size_t heap_before = text ? vector.heap().bytes() : 0;
  if (value.is_null()) vector.MutableNulls(batch.rows);
  vector.SetValue(static_cast<int>(row % kBatchRows), value);
  if (!text || vector.heap().bytes() == heap_before) return absl::OkStatus();
  return charge_.Grow(static_cast<int64_t>(vector.heap().bytes() - heap_before));
}

absl::Status ConstantRows::Append(Batch batch) {
  VESTO_RETURN_IF_ERROR(charge_.Grow(static_cast<int64_t>(batch.ByteSize())));
  num_rows_ += static_cast<size_t>(batch.rows);
  batches_.push_back(std::move(batch));
  return absl::OkStatus();
}

void ConstantRows::AddFlags(const std::vector<bool>& flags) {
  for (size_t begin = 0; begin < num_rows_; begin += kBatchRows) {
    Batch& batch = batches_[begin / kBatchRows];
    Vector vector = Vector::Flat(Type::Boolean(), types::DefaultPhysicalType(Type::Boolean()),
                                 batch.rows);
    for (int i = 0; i < batch.rows; ++i) vector.SetValue(i, Value::Boolean(flags[begin + i]));
    batch.columns.push_back(std::move(vector));
  }
  types_.push_back(Type::Boolean());
}

Value ConstantRows::At(size_t row, size_t column) const {
  return batches_[row / kBatchRows].columns[column].ValueAt(static_cast<int>(row % kBatchRows));
}

ConstantRows ConstantRows::Keep(const std::vector<size_t>& kept) const {
  std::vector<Type> types;
  for (size_t column : kept) types.push_back(types_[column]);
  ConstantRows result(std::move(types), num_rows_);
  for (const Batch& batch : batches_) {
    Batch& smaller = result.batches_.emplace_back();
    smaller.rows = batch.rows;
    for (size_t column : kept) smaller.columns.push_back(batch.columns[column]);
  }
  return result;
}

}  // namespace vesto::logical
