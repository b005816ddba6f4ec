#include "expr/numeric_view.h"

#include "base/int128.h"
#include "column/dispatch.h"
#include "types/decimal.h"
#include "types/type_rules.h"

namespace vesto::expr {

using column::DispatchPhysical;
using column::Vector;
using types::PhysicalType;

namespace {

// An empty vector like `input`: one value for a constant, else `rows` of them; NULLs shared.
Vector MakeLike(const Vector& input, const Type& type, PhysicalType physical, int rows) {
  if (!input.is_constant()) {
    Vector result = Vector::Flat(type, physical, rows > 0 ? rows : 1);
    if (input.has_nulls()) {
      uint8_t* nulls = result.MutableNulls(rows);
      for (int i = 0; i < rows; ++i) nulls[i] = input.nulls()[i];
    }
    return result;
  }
  return Vector::Constant(Value::Null(type), physical);
}

}  // namespace

int ScaleOf(const Type& type) { return type.id == TypeId::kDecimal ? type.scale : 0; }

Vector WidenTo(const Vector& input, int rows, PhysicalType physical) {
  if (input.physical() == physical) return input;
  const int count = input.is_constant() ? 1 : rows;
  Vector result = MakeLike(input, input.type(), physical, rows);
  DispatchPhysical(input.physical(), [&](auto from_tag) {
    using From = decltype(from_tag);
    if constexpr (!std::is_same_v<From, column::StringRef>) {
      const From* in = input.data<From>();
      if (physical == PhysicalType::kInt64) {
        int64_t* out = result.mutable_data<int64_t>();
        for (int i = 0; i < count; ++i) out[i] = static_cast<int64_t>(in[i]);
      } else {
        int128_t* out = result.mutable_data<int128_t>();
        for (int i = 0; i < count; ++i) out[i] = static_cast<int128_t>(in[i]);
      }
    }
  });
  if (input.is_constant() && !input.IsNull(0)) result.ClearNulls();
  return result;
}

Vector ToDoubles(const Vector& input, int rows) {
  if (input.physical() == PhysicalType::kDouble) return input;
  const int count = input.is_constant() ? 1 : rows;
  Vector result = MakeLike(input, Type::Double(), PhysicalType::kDouble, rows);
  double* out = result.mutable_data<double>();
  const int scale = ScaleOf(input.type());
  DispatchPhysical(input.physical(), [&](auto from_tag) {
    using From = decltype(from_tag);
    if constexpr (!std::is_same_v<From, column::StringRef>) {
      const From* in = input.data<From>();
      if (scale == 0) {
        for (int i = 0; i < count; ++i) out[i] = static_cast<double>(in[i]);
      } else if constexpr (std::is_same_v<From, int128_t>) {
        for (int i = 0; i < count; ++i) out[i] = types::DecimalToDouble(in[i], scale);
      } else {
        const auto divisor = static_cast<double>(types::PowerOfTen(scale));
        for (int i = 0; i < count; ++i) out[i] = static_cast<double>(in[i]) / divisor;
      }
    }
  });
  if (input.is_constant() && !input.IsNull(0)) result.ClearNulls();
  return result;
}

}  // namespace vesto::expr
