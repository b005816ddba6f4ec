#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/int128.h"

// Exact decimals as unscaled 128-bit integers.
namespace vesto::types {

// 10^n for n in 0..38.
int128_t PowerOfTen(int exponent);

// "12.30" for (1230, 2).
std::string DecimalToString(int128_t unscaled, int scale);

// Reads [blanks][sign]digits[.digits][e[sign]digits][blanks]; nullopt where the text is no number
// or needs more than 38 digits. `*scale` receives the number of fraction digits kept.
std::optional<int128_t> ParseDecimal(std::string_view text, int* scale);

enum class Rounding { kHalfAwayFromZero, kTruncate };

// The value at another scale; nullopt when it leaves 128 bits.
std::optional<int128_t> Rescale(int128_t unscaled, int from_scale, int to_scale, Rounding rounding);

// True when |unscaled| < 10^precision, or for precision 19 when it fits in 64 bits
// (types.md, DECIMAL storage limits).
bool FitsPrecision(int128_t unscaled, int precision);

// left / right as a decimal of `result_scale` digits, truncated (the assumption of types.md,
// "Decimal oracles"); nullopt on overflow. `right` is not zero.
std::optional<int128_t> DivideDecimal(int128_t left, int left_scale, int128_t right,
                                      int right_scale, int result_scale);

double DecimalToDouble(int128_t unscaled, int scale);
// Rounds half away from zero; nullopt for NaN, infinities and overflow.
std::optional<int128_t> DoubleToDecimal(double value, int scale);

// Overflow-checked 128-bit arithmetic.
inline bool AddOverflows(int128_t a, int128_t b, int128_t* out) {
  return __builtin_add_overflow(a, b, out);
}
inline bool MultiplyOverflows(int128_t a, int128_t b, int128_t* out) {
  return __builtin_mul_overflow(a, b, out);
}

}  // namespace vesto::types
