#include "types/decimal.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace vesto::types {
namespace {

constexpr std::array<int128_t, 39> MakePowers() {
  std::array<int128_t, 39> powers{};
  powers[0] = 1;
  for (int i = 1; i <= 38; ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr std::array<int128_t, 39> kPowers = MakePowers();

constexpr int128_t kMax = static_cast<int128_t>(~static_cast<uint128_t>(0) >> 1);

uint128_t Magnitude(int128_t value) {
  return value < 0 ? -static_cast<uint128_t>(value) : static_cast<uint128_t>(value);
}

// The decimal digits of `value`, written backwards from `end`; returns where they begin.
char* WriteDigits(uint128_t value, char* end) {
  constexpr uint64_t kChunk = 1'000'000'000'000'000'000ULL;  // 10^18
  while (value > std::numeric_limits<uint64_t>::max()) {
    uint64_t low = static_cast<uint64_t>(value % kChunk);
    value /= kChunk;
    for (int i = 0; i < 18; ++i) {
      *--end = static_cast<char>('0' + low % 10);
      low /= 10;
    }
  }
  uint64_t rest = static_cast<uint64_t>(value);
  do {
    *--end = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  return end;
}

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

int128_t PowerOfTen(int exponent) {
  VESTO_DCHECK(exponent >= 0 && exponent <= 38);
  return kPowers[static_cast<size_t>(exponent)];
}

std::string DecimalToString(int128_t unscaled, int scale) {
  char buffer[96];
  char* const end = buffer + sizeof(buffer);
  char* begin = WriteDigits(Magnitude(unscaled), end);
  while (end - begin <= scale) *--begin = '0';
  std::string text;
  text.reserve(static_cast<size_t>(end - begin) + 2);
  if (unscaled < 0) text.push_back('-');
  text.append(begin, static_cast<size_t>(end - begin - scale));
  if (scale > 0) {
    text.push_back('.');
    text.append(end - scale, static_cast<size_t>(scale));
  }
  return text;
}

std::optional<int128_t> ParseDecimal(std::string_view text, int* scale) {
  size_t i = 0, n = text.size();
  while (i < n && IsBlank(text[i])) ++i;
  while (n > i && IsBlank(text[n - 1])) --n;
  bool negative = false;
  if (i < n && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';

  // All digits are counted, but the value keeps the first 38 significant ones: what follows is
  // beyond any DECIMAL's fraction, and an error in the integer part.
  int128_t value = 0;
  int digits = 0;               // significant digits in `value`
  int64_t dropped_integer = 0;  // integer digits that did not fit
  int64_t fraction = 0;         // fraction digits in `value`
  bool any = false;
  for (; i < n && IsDigit(text[i]); ++i) {
    any = true;
    if (digits < 38) {
      value = value * 10 + (text[i] - '0');
      if (value != 0) ++digits;
    } else {
      ++dropped_integer;
    }
  }
  if (i < n && text[i] == '.') {
    ++i;
    for (; i < n && IsDigit(text[i]); ++i) {
      any = true;
      if (digits >= 38 || dropped_integer > 0) continue;
      // Zeros before the first significant digit count as fraction digits, too.
      value = value * 10 + (text[i] - '0');
      if (value != 0) ++digits;
      ++fraction;
    }
  }
  if (!any) return std::nullopt;
  int64_t exponent = 0;
  if (i < n && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    bool negative_exponent = false;
    if (i < n && (text[i] == '-' || text[i] == '+')) negative_exponent = text[i++] == '-';
    if (i >= n || !IsDigit(text[i])) return std::nullopt;
    for (; i < n && IsDigit(text[i]); ++i) {
      if (exponent < 100000) exponent = exponent * 10 + (text[i] - '0');
    }
    if (negative_exponent) exponent = -exponent;
  }
  if (i != n) return std::nullopt;

  int64_t result_scale = fraction - exponent - dropped_integer;
  if (value == 0) {
    *scale = static_cast<int>(std::min<int64_t>(std::max<int64_t>(result_scale, 0), 38));
    return 0;
  }
  if (result_scale < 0) {
    if (-result_scale > 38) return std::nullopt;
    const int128_t power = kPowers[static_cast<size_t>(-result_scale)];
    if (value > (kPowers[38] - 1) / power) return std::nullopt;
    value *= power;
    result_scale = 0;
  }
  // Digits after the 38th of the fraction are dropped.
  if (result_scale > 38) {
    const int64_t excess = result_scale - 38;
    value = excess > 38 ? 0 : value / kPowers[static_cast<size_t>(excess)];
    result_scale = 38;
  }
  *scale = static_cast<int>(result_scale);
  return negative ? -value : value;
}

std::optional<int128_t> Rescale(int128_t unscaled, int from_scale, int to_scale,
                                Rounding rounding) {
  if (from_scale == to_scale || unscaled == 0) return unscaled;
  if (to_scale > from_scale) {
    const int shift = to_scale - from_scale;
    if (shift > 38) return std::nullopt;
    int128_t result;
    if (MultiplyOverflows(unscaled, PowerOfTen(shift), &result)) return std::nullopt;
    return result;
  }
  const int shift = from_scale - to_scale;
  // 2^127 is less than 5 * 10^38: beyond 38 digits nothing is left, not even by rounding.
  if (shift > 38) return 0;
  const int128_t power = PowerOfTen(shift);
  int128_t quotient = unscaled / power;
  if (rounding == Rounding::kHalfAwayFromZero) {
    const int128_t remainder = unscaled - quotient * power;
    const uint128_t magnitude = Magnitude(remainder);
    if (magnitude >= static_cast<uint128_t>(power) - magnitude) quotient += unscaled < 0 ? -1 : 1;
  }
  return quotient;
}

bool FitsPrecision(int128_t unscaled, int precision) {
  if (precision == 19) {
    // 9223372036854775807 both ways: the smallest 64-bit integer is not a DECIMAL.
    return unscaled <= std::numeric_limits<int64_t>::max() &&
           unscaled >= -std::numeric_limits<int64_t>::max();
  }
  if (precision > 38) return true;
  const int128_t limit = PowerOfTen(precision);
  return unscaled < limit && unscaled > -limit;
}

std::optional<int128_t> DivideDecimal(int128_t left, int left_scale, int128_t right,
                                      int right_scale, int result_scale) {
  VESTO_DCHECK(right != 0);
  int shift = result_scale - left_scale + right_scale;
  const bool negative = (left < 0) != (right < 0);
  uint128_t dividend = Magnitude(left);
  uint128_t divisor = Magnitude(right);
  uint128_t quotient;
  if (shift <= 0) {
    quotient = dividend / divisor;
    while (shift < 0 && quotient != 0) {
      const int step = std::min(-shift, 38);
      quotient /= static_cast<uint128_t>(PowerOfTen(step));
      shift += step;
    }
  } else {
    constexpr uint128_t kAll = ~static_cast<uint128_t>(0);
    if (shift <= 38 && dividend <= kAll / static_cast<uint128_t>(PowerOfTen(shift))) {
      quotient = dividend * static_cast<uint128_t>(PowerOfTen(shift)) / divisor;
    } else {
      // Long division: the quotient so far, then as many further digits at once as the remainder
      // leaves room for.
      quotient = dividend / divisor;
      uint128_t rest = dividend % divisor;
      while (shift > 0) {
        if (rest == 0) {
          const int step = std::min(shift, 38);
          const uint128_t power = static_cast<uint128_t>(PowerOfTen(step));
          if (quotient > kAll / power) return std::nullopt;
          quotient *= power;
          shift -= step;
          continue;
        }
        int step = std::min(shift, 18);
        while (step > 0 && rest > kAll / static_cast<uint128_t>(PowerOfTen(step))) --step;
        uint128_t digits;
        if (step > 0) {
          const uint128_t scaled = rest * static_cast<uint128_t>(PowerOfTen(step));
          digits = scaled / divisor;
          rest = scaled % divisor;
        } else {
          // rest * 10 overflows: multiply by the bits of ten and reduce after each doubling.
          step = 1;
          digits = 0;
          uint128_t partial = 0;
          for (const bool bit : {true, false, true, false}) {
            partial <<= 1;
            digits <<= 1;
            if (partial >= divisor) partial -= divisor, ++digits;
            if (!bit) continue;
            partial += rest;
            if (partial >= divisor) partial -= divisor, ++digits;
          }
          rest = partial;
        }
        const uint128_t power = static_cast<uint128_t>(PowerOfTen(step));
        if (quotient > (kAll - digits) / power) return std::nullopt;
        quotient = quotient * power + digits;
        shift -= step;
      }
    }
  }
  if (quotient > static_cast<uint128_t>(kMax)) return std::nullopt;
  const int128_t result = static_cast<int128_t>(quotient);
  return negative ? -result : result;
}

double DecimalToDouble(int128_t unscaled, int scale) {
  constexpr int128_t kExact = int128_t{1} << 53;
  if (scale == 0) return static_cast<double>(unscaled);
  if (unscaled <= kExact && unscaled >= -kExact && scale <= 22) {
    // Both operands are exact doubles, so the quotient is correctly rounded.
    return static_cast<double>(unscaled) / static_cast<double>(PowerOfTen(scale));
  }
  const std::string text = DecimalToString(unscaled, scale);
  double value = 0;
  fast_float::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<int128_t> DoubleToDecimal(double value, int scale) {
  if (!std::isfinite(value)) return std::nullopt;
  if (value == 0) return 0;
  // A double means the decimal of its first 15 digits (1.005 is 1.005, not 1.00499999999999989),
  // as in PostgreSQL's float8_numeric. Away from a tie the binary value rounds the same way.
  const double scaled = std::fabs(value) * static_cast<double>(PowerOfTen(scale));
  if (scaled < 1e14) {
    const double whole = std::floor(scaled);
    const double fraction = scaled - whole;
    const double doubt = scaled * 1e-14 + 1e-300;
    if (std::fabs(fraction - 0.5) > doubt && fraction > doubt && 1 - fraction > doubt) {
      const int128_t magnitude = static_cast<int128_t>(whole) + (fraction > 0.5 ? 1 : 0);
      return value < 0 ? -magnitude : magnitude;
    }
  }
  char buffer[64];
  const auto written =
      std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific, 14);
  int parsed_scale = 0;
  const std::optional<int128_t> parsed = ParseDecimal(
      std::string_view(buffer, static_cast<size_t>(written.ptr - buffer)), &parsed_scale);
  if (!parsed.has_value()) return std::nullopt;
  return Rescale(*parsed, parsed_scale, scale, Rounding::kHalfAwayFromZero);
}

}  // namespace vesto::types
