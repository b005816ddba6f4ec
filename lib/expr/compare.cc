#include "expr/compare.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/int128.h"
#include "base/status_macros.h"
#include "column/dispatch.h"
#include "expr/null_union.h"
#include "expr/numeric_view.h"
#include "types/text.h"

namespace vesto::expr {
namespace {

using column::StringRef;
using column::Vector;
using types::PhysicalType;

// NaN is equal to itself and larger than every number, as in PostgreSQL.
template <typename T>
bool FloatLess(T a, T b) {
  return std::isnan(b) ? !std::isnan(a) : a < b;
}
template <typename T>
bool FloatEqual(T a, T b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

template <typename T, typename Predicate>
void Fill(const Vector& left, const Vector& right, int rows, uint8_t* out, Predicate&& predicate) {
  const T* a = left.data<T>();
  const T* b = right.data<T>();
  if (left.is_constant() && right.is_constant()) {
    std::fill_n(out, rows, static_cast<uint8_t>(predicate(*a, *b)));
  } else if (left.is_constant()) {
    const T constant = *a;
    for (int i = 0; i < rows; ++i) out[i] = predicate(constant, b[i]);
  } else if (right.is_constant()) {
    const T constant = *b;
    for (int i = 0; i < rows; ++i) out[i] = predicate(a[i], constant);
  } else {
    for (int i = 0; i < rows; ++i) out[i] = predicate(a[i], b[i]);
  }
}

template <typename T>
void CompareValues(Op op, const Vector& left, const Vector& right, int rows, uint8_t* out) {
  if constexpr (std::is_floating_point_v<T>) {
    switch (op) {
      case Op::kEqual:
        return Fill<T>(left, right, rows, out, [](T a, T b) { return FloatEqual(a, b); });
      case Op::kNotEqual:
        return Fill<T>(left, right, rows, out, [](T a, T b) { return !FloatEqual(a, b); });
      case Op::kLess:
        return Fill<T>(left, right, rows, out, [](T a, T b) { return FloatLess(a, b); });
      case Op::kLessEqual:
        return Fill<T>(left, right, rows, out, [](T a, T b) { return !FloatLess(b, a); });
      case Op::kGreater:
        return Fill<T>(left, right, rows, out, [](T a, T b) { return FloatLess(b, a); });
      default:
        return Fill<T>(left, right, rows, out, [](T a, T b) { return !FloatLess(a, b); });
    }
  } else {
    switch (op) {
      case Op::kEqual: return Fill<T>(left, right, rows, out, [](T a, T b) { return a == b; });
      case Op::kNotEqual: return Fill<T>(left, right, rows, out, [](T a, T b) { return a != b; });
      case Op::kLess: return Fill<T>(left, right, rows, out, [](T a, T b) { return a < b; });
      case Op::kLessEqual: return Fill<T>(left, right, rows, out, [](T a, T b) { return a <= b; });
      case Op::kGreater: return Fill<T>(left, right, rows, out, [](T a, T b) { return a > b; });
      default: return Fill<T>(left, right, rows, out, [](T a, T b) { return a >= b; });
    }
  }
}

bool OpHolds(Op op, int order) {
  switch (op) {
    case Op::kEqual: return order == 0;
    case Op::kNotEqual: return order != 0;
    case Op::kLess: return order < 0;
    case Op::kLessEqual: return order <= 0;
    case Op::kGreater: return order > 0;
    default: return order >= 0;
  }
}

}  // namespace

int CompareStrings(const StringRef& a, const StringRef& b, bool case_insensitive) {
  const std::string_view x = types::TrimTrailingBlanks(a.view());
  const std::string_view y = types::TrimTrailingBlanks(b.view());
  if (case_insensitive) {
    const size_t common = std::min(x.size(), y.size());
    for (size_t i = 0; i < common; ++i) {
      const auto p = static_cast<unsigned char>(absl::ascii_tolower(x[i]));
      const auto q = static_cast<unsigned char>(absl::ascii_tolower(y[i]));
      if (p != q) return p < q ? -1 : 1;
    }
    return x.size() == y.size() ? 0 : (x.size() < y.size() ? -1 : 1);
  }
  const int order = x.compare(y);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

Vector EvaluateCompare(Op op, const Vector& left_in, const Vector& right_in, int rows) {
  Vector result = Vector::Flat(Type::Boolean(), PhysicalType::kBool, std::max(rows, 1));
  uint8_t* out = result.mutable_data<uint8_t>();
  const Vector* inputs[] = {&left_in, &right_in};
  UnionNulls(inputs, rows, &result);
  if (left_in.physical() == PhysicalType::kString) {
    const bool fold = left_in.type().case_insensitive || right_in.type().case_insensitive;
    const bool exact = !fold && (op == Op::kEqual || op == Op::kNotEqual);
    for (int i = 0; i < rows; ++i) {
      const StringRef a = left_in.IsNull(i) ? StringRef() : left_in.StringAt(i);
      const StringRef b = right_in.IsNull(i) ? StringRef() : right_in.StringAt(i);
      // Strings of one length and bytes are equal whatever their blanks.
      if (exact && a == b) {
        out[i] = op == Op::kEqual;
        continue;
      }
      out[i] = OpHolds(op, CompareStrings(a, b, fold));
    }
    ZeroNulls(rows, &result);
    return result;
  }
  PhysicalType physical = left_in.physical();
  Vector left = left_in, right = right_in;
  if (left.physical() != right.physical()) {
    physical = left.physical() == PhysicalType::kInt128 || right.physical() == PhysicalType::kInt128
                   ? PhysicalType::kInt128
                   : PhysicalType::kInt64;
    left = WidenTo(left, rows, physical);
    right = WidenTo(right, rows, physical);
  }
  column::DispatchPhysical(physical, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, StringRef>) CompareValues<T>(op, left, right, rows, out);
  });
  ZeroNulls(rows, &result);
  return result;
}

}  // namespace vesto::expr
