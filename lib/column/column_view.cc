#include <cstring>

#include "base/int128.h"
#include "column/batch.h"
#include "column/dispatch.h"
#include "types/decimal.h"
#include "vesto/batch.h"

namespace vesto {
namespace {

using types::PhysicalType;

// The stored integer of a row, whatever its width; doubles are truncated, strings give 0.
int128_t IntegerAt(const column::Vector& vector, int row) {
  const int i = vector.is_constant() ? 0 : row;
  int128_t result = 0;
  column::DispatchPhysical(vector.physical(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, column::StringRef>) {
      result = static_cast<int128_t>(vector.data<T>()[i]);
    }
  });
  return result;
}

}  // namespace

const Type& ColumnView::type() const { return vector_->type(); }

bool ColumnView::IsNull(int row) const { return vector_->IsNull(row); }

int64_t ColumnView::Int64(int row) const {
  if (IsNull(row)) return 0;
  const int128_t value = IntegerAt(*vector_, row);
  if (type().id != TypeId::kDecimal || type().scale == 0) return static_cast<int64_t>(value);
  return static_cast<int64_t>(value / types::PowerOfTen(type().scale));
}

double ColumnView::Float64(int row) const {
  if (IsNull(row)) return 0;
  const int i = vector_->is_constant() ? 0 : row;
  switch (vector_->physical()) {
    case PhysicalType::kFloat: return vector_->data<float>()[i];
    case PhysicalType::kDouble: return vector_->data<double>()[i];
    default: break;
  }
  const int scale = type().id == TypeId::kDecimal ? type().scale : 0;
  return types::DecimalToDouble(IntegerAt(*vector_, row), scale);
}

Decimal ColumnView::DecimalAt(int row) const {
  if (IsNull(row)) return {};
  return {IntegerAt(*vector_, row), type().id == TypeId::kDecimal ? type().scale : 0};
}

std::string_view ColumnView::String(int row) const {
  if (IsNull(row) || vector_->physical() != PhysicalType::kString) return {};
  if (vector_->is_dictionary()) {
    return vector_->dictionary()->entries[vector_->codes()[row]].view();
  }
  return vector_->data<column::StringRef>()[vector_->is_constant() ? 0 : row].view();
}

Value ColumnView::ValueAt(int row) const { return vector_->ValueAt(row); }

template <typename T>
std::span<const T> ColumnView::Flat() const {
  if (vector_->kind() != column::VectorKind::kFlat) return {};
  bool same = false;
  column::DispatchPhysical(vector_->physical(),
                           [&](auto tag) { same = std::is_same_v<T, decltype(tag)>; });
  if (!same) return {};
  return {vector_->data<T>(), static_cast<size_t>(rows_)};
}
template std::span<const uint8_t> ColumnView::Flat<uint8_t>() const;
template std::span<const int16_t> ColumnView::Flat<int16_t>() const;
template std::span<const int32_t> ColumnView::Flat<int32_t>() const;
template std::span<const int64_t> ColumnView::Flat<int64_t>() const;
template std::span<const float> ColumnView::Flat<float>() const;
template std::span<const double> ColumnView::Flat<double>() const;

int Batch::num_rows() const { return batch_ == nullptr ? 0 : batch_->rows; }
int Batch::num_columns() const {
  return batch_ == nullptr ? 0 : static_cast<int>(batch_->columns.size());
}
ColumnView Batch::column(int index) const {
  return ColumnView(&batch_->columns[index], batch_->rows);
}

}  // namespace vesto
