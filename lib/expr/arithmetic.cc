#include "expr/arithmetic.h"

#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/int128.h"
#include "base/status_macros.h"
#include "column/dispatch.h"
#include "expr/null_union.h"
#include "expr/numeric_view.h"
#include "types/decimal.h"
#include "types/type_rules.h"

namespace vesto::expr {
namespace {

using column::Vector;
using types::PhysicalType;

absl::Status OutOfRange(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint: return SqlError(SqlState::kNumericValueOutOfRange, "smallint out of range");
    case TypeId::kInteger: return SqlError(SqlState::kNumericValueOutOfRange, "integer out of range");
    case TypeId::kBigint: return SqlError(SqlState::kNumericValueOutOfRange, "bigint out of range");
    case TypeId::kDecimal:
      return SqlError(SqlState::kNumericValueOutOfRange,
                      "Numeric data overflow (result precision)");
    default: return SqlError(SqlState::kNumericValueOutOfRange, "value out of range: overflow");
  }
}

absl::Status DivisionByZero(const functions::EvalContext& context) {
  return SqlError(SqlState::kDivisionByZero,
                  context.on_leader ? "division by zero" : "Divide by zero");
}

// Runs `body(i, a, b)` over all rows with the operands' constness outside the loop.
template <typename T, typename Body>
void ForRows(const Vector& left, const Vector& right, int rows, Body&& body) {
  const T* a = left.data<T>();
  const T* b = right.data<T>();
  if (left.is_constant() && right.is_constant()) {
    const T x = *a, y = *b;
    for (int i = 0; i < rows; ++i) body(i, x, y);
  } else if (left.is_constant()) {
    const T constant = *a;
    for (int i = 0; i < rows; ++i) body(i, constant, b[i]);
  } else if (right.is_constant()) {
    const T constant = *b;
    for (int i = 0; i < rows; ++i) body(i, a[i], constant);
  } else {
    for (int i = 0; i < rows; ++i) body(i, a[i], b[i]);
  }
}

// True when a row that is not NULL satisfies `failed`: the slow pass after a loop that saw
// something go wrong in any row.
template <typename T, typename Failed>
bool AnyLiveRow(const Vector& left, const Vector& right, const Vector& result, int rows,
                Failed&& failed) {
  bool any = false;
  ForRows<T>(left, right, rows, [&](int i, T a, T b) { any |= !result.IsNull(i) && failed(a, b); });
  return any;
}

template <typename T>
bool Overflows(Op op, T a, T b, T* out) {
  switch (op) {
    case Op::kAdd: return __builtin_add_overflow(a, b, out);
    case Op::kSubtract: return __builtin_sub_overflow(a, b, out);
    default: return __builtin_mul_overflow(a, b, out);
  }
}

template <typename T>
absl::Status IntegerAddSubtractMultiply(Op op, const Vector& left, const Vector& right, int rows,
                                        Vector* result) {
  T* out = result->mutable_data<T>();
  bool bad = false;
  const auto run = [&](auto operation) {
    ForRows<T>(left, right, rows, [&](int i, T a, T b) {
      if constexpr (sizeof(T) < 8) {
        const int64_t wide = operation(static_cast<int64_t>(a), static_cast<int64_t>(b));
        out[i] = static_cast<T>(wide);
        bad |= wide != static_cast<int64_t>(out[i]);
      } else {
        T value;
        bad |= Overflows<T>(op, a, b, &value);
        out[i] = value;
      }
    });
  };
  switch (op) {
    case Op::kAdd: run([](int64_t a, int64_t b) { return a + b; }); break;
    case Op::kSubtract: run([](int64_t a, int64_t b) { return a - b; }); break;
    default: run([](int64_t a, int64_t b) { return a * b; }); break;
  }
  if (bad && AnyLiveRow<T>(left, right, *result, rows, [op](T a, T b) {
        T value;
        return Overflows<T>(op, a, b, &value);
      })) {
    return OutOfRange(result->type());
  }
  return absl::OkStatus();
}

template <typename T>
absl::Status IntegerDivide(Op op, const Vector& left, const Vector& right, int rows,
                           const functions::EvalContext& context, Vector* result) {
  T* out = result->mutable_data<T>();
  bool zero = false, overflow = false;
  ForRows<T>(left, right, rows, [&](int i, T a, T b) {
    if (b == 0) {
      zero |= !result->IsNull(i);
      out[i] = 0;
    } else if (b == -1) {
      // The one quotient that does not fit is -min / -1.
      overflow |= op == Op::kDivide && a == std::numeric_limits<T>::min() && !result->IsNull(i);
      out[i] = op == Op::kDivide ? static_cast<T>(-static_cast<std::make_unsigned_t<T>>(a)) : 0;
    } else {
      out[i] = static_cast<T>(op == Op::kDivide ? a / b : a % b);
    }
  });
  if (zero) return DivisionByZero(context);
  if (overflow) return OutOfRange(result->type());
  return absl::OkStatus();
}

template <typename T>
absl::Status FloatArithmetic(Op op, const Vector& left, const Vector& right, int rows,
                             const functions::EvalContext& context, Vector* result) {
  T* out = result->mutable_data<T>();
  bool zero = false;
  switch (op) {
    case Op::kAdd:
      ForRows<T>(left, right, rows, [&](int i, T a, T b) { out[i] = a + b; });
      break;
    case Op::kSubtract:
      ForRows<T>(left, right, rows, [&](int i, T a, T b) { out[i] = a - b; });
      break;
    case Op::kMultiply:
      ForRows<T>(left, right, rows, [&](int i, T a, T b) { out[i] = a * b; });
      break;
    default:
      ForRows<T>(left, right, rows, [&](int i, T a, T b) {
        zero |= b == 0 && !result->IsNull(i);
        out[i] = op == Op::kDivide ? a / b : std::fmod(a, b);
      });
      break;
  }
  if (zero) return DivisionByZero(context);
  bool infinite = false;
  for (int i = 0; i < rows; ++i) infinite |= std::isinf(out[i]);
  if (infinite && AnyLiveRow<T>(left, right, *result, rows, [&](T a, T b) {
        if (std::isinf(a) || std::isinf(b)) return false;
        const T value = op == Op::kAdd        ? a + b
                        : op == Op::kSubtract ? a - b
                        : op == Op::kMultiply ? a * b
                                              : a / b;
        return std::isinf(value);
      })) {
    return OutOfRange(result->type());
  }
  return absl::OkStatus();
}

// Both operands as int64, every intermediate proved to fit: no checks.
absl::Status NarrowDecimal(Op op, const Vector& left, const Vector& right, int rows, int left_scale,
                           int right_scale, Vector* result) {
  int64_t* out = result->mutable_data<int64_t>();
  if (op == Op::kMultiply) {
    ForRows<int64_t>(left, right, rows, [&](int i, int64_t a, int64_t b) {
      out[i] = static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
    });
    return absl::OkStatus();
  }
  const int scale = result->type().scale;
  const auto left_factor = static_cast<uint64_t>(types::PowerOfTen(scale - left_scale));
  const auto right_factor = static_cast<uint64_t>(types::PowerOfTen(scale - right_scale));
  if (op == Op::kAdd) {
    ForRows<int64_t>(left, right, rows, [&](int i, int64_t a, int64_t b) {
      out[i] = static_cast<int64_t>(static_cast<uint64_t>(a) * left_factor +
                                    static_cast<uint64_t>(b) * right_factor);
    });
  } else {
    ForRows<int64_t>(left, right, rows, [&](int i, int64_t a, int64_t b) {
      out[i] = static_cast<int64_t>(static_cast<uint64_t>(a) * left_factor -
                                    static_cast<uint64_t>(b) * right_factor);
    });
  }
  return absl::OkStatus();
}

// One row of decimal arithmetic in 128 bits; false on overflow. `b` is not zero for / and %.
bool DecimalRow(Op op, int128_t a, int left_scale, int128_t b, int right_scale, const Type& type,
                int128_t* out) {
  const int scale = type.scale;
  if (op == Op::kMultiply) {
    int128_t product;
    if (types::MultiplyOverflows(a, b, &product)) return false;
    const int excess = left_scale + right_scale - scale;
    *out = excess > 0 ? product / types::PowerOfTen(excess) : product;
  } else if (op == Op::kDivide) {
    const auto quotient = types::DivideDecimal(a, left_scale, b, right_scale, scale);
    if (!quotient.has_value()) return false;
    *out = *quotient;
  } else {
    const auto x = types::Rescale(a, left_scale, scale, types::Rounding::kTruncate);
    const auto y = types::Rescale(b, right_scale, scale, types::Rounding::kTruncate);
    if (!x.has_value() || !y.has_value()) return false;
    if (op == Op::kModulo) {
      *out = *x % *y;
    } else if (op == Op::kAdd ? __builtin_add_overflow(*x, *y, out)
                              : __builtin_sub_overflow(*x, *y, out)) {
      return false;
    }
  }
  return types::FitsPrecision(*out, type.length);
}

absl::Status WideDecimal(Op op, const Vector& left, const Vector& right, int rows, int left_scale,
                         int right_scale, const functions::EvalContext& context, Vector* result) {
  const bool divides = op == Op::kDivide || op == Op::kModulo;
  bool zero = false, overflow = false;
  const auto run = [&](auto* out) {
    using Out = std::remove_pointer_t<decltype(out)>;
    ForRows<int128_t>(left, right, rows, [&](int i, int128_t a, int128_t b) {
      out[i] = 0;
      if (result->IsNull(i)) return;
      if (divides && b == 0) {
        zero = true;
        return;
      }
      int128_t value = 0;
      if (!DecimalRow(op, a, left_scale, b, right_scale, result->type(), &value) ||
          static_cast<int128_t>(static_cast<Out>(value)) != value) {
        overflow = true;
        return;
      }
      out[i] = static_cast<Out>(value);
    });
  };
  if (result->physical() == PhysicalType::kInt64) {
    run(result->mutable_data<int64_t>());
  } else {
    run(result->mutable_data<int128_t>());
  }
  if (zero) return DivisionByZero(context);
  if (overflow) return OutOfRange(result->type());
  return absl::OkStatus();
}

absl::Status Integers(Op op, const Vector& left, const Vector& right, int rows,
                      const functions::EvalContext& context, Vector* result) {
  const bool divides = op == Op::kDivide || op == Op::kModulo;
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    return divides ? IntegerDivide<T>(op, left, right, rows, context, result)
                   : IntegerAddSubtractMultiply<T>(op, left, right, rows, result);
  };
  switch (result->physical()) {
    case PhysicalType::kInt16: return run(int16_t{});
    case PhysicalType::kInt32: return run(int32_t{});
    default: return run(int64_t{});
  }
}

// An integer vector with `physical` values; narrower operands are widened.
Vector ToIntegers(const Vector& input, int rows, PhysicalType physical) {
  if (input.physical() == physical) return input;
  if (physical == PhysicalType::kInt64) return WidenTo(input, rows, physical);
  const int count = input.is_constant() ? 1 : rows;
  Vector result = input.is_constant() ? Vector::Constant(Value::Null(input.type()), physical)
                                      : Vector::Flat(input.type(), physical, std::max(rows, 1));
  column::DispatchPhysical(input.physical(), [&](auto tag) {
    using From = decltype(tag);
    if constexpr (std::is_integral_v<From>) {
      for (int i = 0; i < count; ++i) {
        result.mutable_data<int32_t>()[i] = static_cast<int32_t>(input.data<From>()[i]);
      }
    }
  });
  if (input.is_constant()) {
    if (!input.IsNull(0)) result.ClearNulls();
  } else if (input.has_nulls()) {
    std::memcpy(result.MutableNulls(rows), input.nulls(), rows);
  }
  return result;
}

}  // namespace

absl::StatusOr<Vector> EvaluateArithmetic(Op op, const Vector& left_in, const Vector& right_in,
                                          int rows, const Type& type, PhysicalType physical,
                                          const functions::EvalContext& context) {
  Vector result = Vector::Flat(type, physical, std::max(rows, 1));
  const Vector* inputs[] = {&left_in, &right_in};
  UnionNulls(inputs, rows, &result);
  if (type.id == TypeId::kReal) {
    VESTO_RETURN_IF_ERROR(FloatArithmetic<float>(op, left_in, right_in, rows, context, &result));
    ZeroNulls(rows, &result);
    return result;
  }
  if (type.id == TypeId::kDouble) {
    const Vector left = ToDoubles(left_in, rows), right = ToDoubles(right_in, rows);
    VESTO_RETURN_IF_ERROR(FloatArithmetic<double>(op, left, right, rows, context, &result));
    ZeroNulls(rows, &result);
    return result;
  }
  if (type.id != TypeId::kDecimal) {
    const Vector left = ToIntegers(left_in, rows, physical);
    const Vector right = ToIntegers(right_in, rows, physical);
    VESTO_RETURN_IF_ERROR(Integers(op, left, right, rows, context, &result));
    ZeroNulls(rows, &result);
    return result;
  }
  const int left_scale = ScaleOf(left_in.type()), right_scale = ScaleOf(right_in.type());
  // Up to 18 digits the formulas of types.md §4 prove that + - * cannot overflow; with more
  // digits, int64 is chosen only where bounds prove it.
  const bool narrow = physical == PhysicalType::kInt64 && op != Op::kDivide && op != Op::kModulo &&
                      (op != Op::kMultiply || left_scale + right_scale == type.scale) &&
                      left_in.physical() != PhysicalType::kInt128 &&
                      right_in.physical() != PhysicalType::kInt128;
  if (narrow) {
    const Vector left = WidenTo(left_in, rows, PhysicalType::kInt64);
    const Vector right = WidenTo(right_in, rows, PhysicalType::kInt64);
    VESTO_RETURN_IF_ERROR(NarrowDecimal(op, left, right, rows, left_scale, right_scale, &result));
  } else {
    const Vector left = WidenTo(left_in, rows, PhysicalType::kInt128);
    const Vector right = WidenTo(right_in, rows, PhysicalType::kInt128);
    VESTO_RETURN_IF_ERROR(
        WideDecimal(op, left, right, rows, left_scale, right_scale, context, &result));
  }
  ZeroNulls(rows, &result);
  return result;
}

absl::StatusOr<Vector> EvaluateNegate(const Vector& input_in, int rows, const Type& type,
                                      PhysicalType physical) {
  Vector result = Vector::Flat(type, physical, std::max(rows, 1));
  const Vector input = input_in.Flatten(rows);
  const Vector* inputs[] = {&input};
  UnionNulls(inputs, rows, &result);
  bool overflow = false;
  column::DispatchPhysical(input.physical(), [&](auto tag) {
    using From = decltype(tag);
    if constexpr (std::is_floating_point_v<From>) {
      for (int i = 0; i < rows; ++i) result.mutable_data<From>()[i] = -input.data<From>()[i];
    } else if constexpr (!std::is_same_v<From, column::StringRef>) {
      const From* in = input.data<From>();
      column::DispatchPhysical(physical, [&](auto out_tag) {
        using Out = decltype(out_tag);
        if constexpr (!std::is_same_v<Out, column::StringRef>) {
          Out* out = result.mutable_data<Out>();
          for (int i = 0; i < rows; ++i) {
            Out value{};
            if constexpr (std::is_floating_point_v<Out>) {
              value = -static_cast<Out>(in[i]);
            } else {
              overflow |= __builtin_sub_overflow(From{0}, in[i], &value) && !result.IsNull(i);
            }
            out[i] = value;
          }
        }
      });
    }
  });
  if (overflow) return OutOfRange(type);
  ZeroNulls(rows, &result);
  return result;
}

}  // namespace vesto::expr
