#pragma once

#include "functions/kernel_loops.h"

// ROUND, TRUNC, CEIL and FLOOR of decimals.
namespace vesto::functions {

enum class DigitRule { kHalfAwayFromZero, kTruncate, kCeiling, kFloor };

// `unscaled` with its digits after position `digits` (may be negative) removed by the rule, at the
// scale `result_scale`; nullopt when it leaves 128 bits.
std::optional<int128_t> KeepDigits(int128_t unscaled, int scale, int digits, int result_scale,
                                   DigitRule rule);

// The kernel over a DECIMAL and, when there is a second argument, an INTEGER number of digits.
absl::Status KeepDigitsRows(const KernelCall& call, Vector* result, DigitRule rule);
// The same for integers (only negative digits change something) and for floating-point numbers.
absl::Status KeepDigitsOfIntegers(const KernelCall& call, Vector* result, DigitRule rule);
double KeepDigitsOfDouble(double value, int digits, DigitRule rule);

// DECIMAL results print at most the digits asked for: a constant count becomes the scale. One more
// digit before the point takes the carry of rounding.
absl::StatusOr<Type> KeepDigitsType(const BindCall& call);

}  // namespace vesto::functions
