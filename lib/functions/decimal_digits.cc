#include "functions/decimal_digits.h"

#include <cmath>

#include "column/dispatch.h"
#include "types/decimal.h"

namespace vesto::functions {

std::optional<int128_t> KeepDigits(int128_t unscaled, int scale, int digits, int result_scale,
                                   DigitRule rule) {
  const int drop = scale - digits;  // digits to remove
  if (drop > 38) {
    // Below half of the last digit kept, whatever the value.
    if (rule == DigitRule::kHalfAwayFromZero || rule == DigitRule::kTruncate) return 0;
  }
  if (drop > 0) {
    const int128_t unit = types::PowerOfTen(std::min(drop, 38));
    int128_t quotient = unscaled / unit;
    const int128_t rest = unscaled % unit;
    switch (rule) {
      case DigitRule::kTruncate:
        break;
      case DigitRule::kHalfAwayFromZero: {
        const int128_t magnitude = rest < 0 ? -rest : rest;
        if (magnitude >= unit - magnitude) quotient += unscaled < 0 ? -1 : 1;
        break;
      }
      case DigitRule::kCeiling:
        quotient += rest > 0;
        break;
      case DigitRule::kFloor:
        quotient -= rest < 0;
        break;
    }
    unscaled = quotient;
    scale = digits;
  }
  // `scale` may be negative here: 3 at scale -1 is 30.
  while (scale < result_scale) {
    const int step = std::min(result_scale - scale, 38);
    if (types::MultiplyOverflows(unscaled, types::PowerOfTen(step), &unscaled)) return std::nullopt;
    scale += step;
  }
  if (scale > result_scale) unscaled /= types::PowerOfTen(scale - result_scale);
  return unscaled;
}

absl::Status KeepDigitsRows(const KernelCall& call, Vector* result, DigitRule rule) {
  const DecimalArgument value(call.args[0]);
  const int scale = call.args[0].type().scale;
  const int result_scale = call.result_type.scale;
  const bool has_digits = call.args.size() == 2;
  const Argument<int32_t> digits(call.args[has_digits ? 1 : 0]);
  for (int row = 0; row < call.rows; ++row) {
    if (IsNullRow(call, row)) {
      SetDecimal(result, row, 0);
      continue;
    }
    const int keep = has_digits ? std::clamp(digits[row], -100, 100) : 0;
    const auto kept = KeepDigits(value[row], scale, keep, result_scale, rule);
    if (!kept.has_value() || !types::FitsPrecision(*kept, call.result_type.length)) {
      return SqlError(SqlState::kNumericValueOutOfRange,
                      "Numeric data overflow (result precision)");
    }
    SetDecimal(result, row, *kept);
  }
  return absl::OkStatus();
}

absl::Status KeepDigitsOfIntegers(const KernelCall& call, Vector* result, DigitRule rule) {
  const IntegerArgument value(call.args[0]);
  const bool has_digits = call.args.size() == 2;
  const Argument<int32_t> digits(call.args[has_digits ? 1 : 0]);
  return column::DispatchPhysical(result->physical(), [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T>) {
      for (int row = 0; row < call.rows; ++row) {
        int64_t kept = 0;
        if (!IsNullRow(call, row)) {
          kept = value[row];
          if (has_digits && digits[row] < 0) {
            const auto rounded = KeepDigits(kept, 0, std::max(digits[row], -38), 0, rule);
            if (!rounded.has_value() || *rounded > std::numeric_limits<T>::max() ||
                *rounded < std::numeric_limits<T>::min()) {
              return SqlError(SqlState::kNumericValueOutOfRange,
                              call.result_type.ToString() + " out of range");
            }
            kept = static_cast<int64_t>(*rounded);
          }
        }
        result->mutable_data<T>()[row] = static_cast<T>(kept);
      }
    }
    return absl::OkStatus();
  });
}

double KeepDigitsOfDouble(double value, int digits, DigitRule rule) {
  auto whole = [rule](double x) {
    switch (rule) {
      case DigitRule::kHalfAwayFromZero:
        return std::round(x);
      case DigitRule::kTruncate:
        return std::trunc(x);
      case DigitRule::kCeiling:
        return std::ceil(x);
      case DigitRule::kFloor:
        return std::floor(x);
    }
    return x;
  };
  if (digits == 0 || !std::isfinite(value)) return whole(value);
  const double unit = std::pow(10.0, std::abs(std::clamp(digits, -400, 400)));
  const double kept = digits > 0 ? whole(value * unit) / unit : whole(value / unit) * unit;
  return std::isfinite(kept) ? kept : (digits > 0 ? value : 0.0);
}

absl::StatusOr<Type> KeepDigitsType(const BindCall& call) {
  const Type& type = call.types[0];
  int digits = 0;
  if (call.types.size() == 2) {
    const Value* constant = call.constants[1];
    if (constant == nullptr || constant->is_null()) {
      return Type::Decimal(std::min(type.length + 1, kDecimalMaxPrecision), type.scale);
    }
    digits = static_cast<int>(std::clamp<int64_t>(constant->integer(), 0, type.scale));
  }
  const int precision = type.length - type.scale + digits + 1;
  return Type::Decimal(std::clamp(precision, 1, kDecimalMaxPrecision),
                       std::min<int>(digits, type.scale));
}

}  // namespace vesto::functions
