#include "types/decimal.h"

#include <cmath>
#include <limits>

#include "support/catch.h"

namespace vesto::types {
namespace {

std::string Read(std::string_view text) {
  int scale = -1;
  const std::optional<int128_t> value = ParseDecimal(text, &scale);
  return value.has_value() ? DecimalToString(*value, scale) : "not a number";
}

std::string Quotient(int128_t left, int left_scale, int128_t right, int right_scale, int scale) {
  const auto result = DivideDecimal(left, left_scale, right, right_scale, scale);
  return result.has_value() ? DecimalToString(*result, scale) : "overflow";
}

constexpr int128_t kMax = static_cast<int128_t>(~static_cast<uint128_t>(0) >> 1);

TEST_CASE("decimals are read and printed with the digits that were written", "[types]") {
  CHECK(Read("12.30") == "12.30");
  CHECK(Read("  -0.05 ") == "-0.05");
  CHECK(Read("+.5") == "0.5");
  CHECK(Read("-37.") == "-37");
  CHECK(Read("1.5e3") == "1500");
  CHECK(Read("15e-3") == "0.015");
  CHECK(Read("0e999999999999") == "0");
  CHECK(Read("99999999999999999999999999999999999999") == "99999999999999999999999999999999999999");
  CHECK(Read("100000000000000000000000000000000000000") == "not a number");
  CHECK(Read("0000000000000000000000000000000000000000000000001") == "1");
  // Digits beyond the 38th of the fraction are dropped, not refused.
  CHECK(Read("0.333333333333333333333333333333333333333333333") ==
        "0.33333333333333333333333333333333333333");
  for (std::string_view bad : {"", " ", ".", "-", "1e", "1e+", "1.2.3", "0x10", "1 2", "NaN"}) {
    CHECK(Read(bad) == "not a number");
  }
  CHECK(DecimalToString(-kMax - 1, 0) == "-170141183460469231731687303715884105728");
  CHECK(DecimalToString(5, 38) == "0.00000000000000000000000000000000000005");
}

TEST_CASE("rescaling rounds half away from zero or truncates", "[types]") {
  CHECK(Rescale(43238951, 4, 2, Rounding::kHalfAwayFromZero) == 432390);
  CHECK(Rescale(35512, 3, 2, Rounding::kHalfAwayFromZero) == 3551);
  CHECK(Rescale(15, 1, 0, Rounding::kHalfAwayFromZero) == 2);
  CHECK(Rescale(-15, 1, 0, Rounding::kHalfAwayFromZero) == -2);
  CHECK(Rescale(14, 1, 0, Rounding::kHalfAwayFromZero) == 1);
  CHECK(Rescale(-19, 1, 0, Rounding::kTruncate) == -1);
  CHECK(Rescale(kMax, 38, 0, Rounding::kHalfAwayFromZero) == 2);
  CHECK(Rescale(1, 0, 38, Rounding::kTruncate) == PowerOfTen(38));
  CHECK_FALSE(Rescale(2, 0, 38, Rounding::kTruncate).has_value());
  CHECK_FALSE(Rescale(kMax, 0, 1, Rounding::kTruncate).has_value());
}

TEST_CASE("19 digits end where 64 bits do", "[types]") {
  CHECK(FitsPrecision(999, 3));
  CHECK_FALSE(FitsPrecision(1000, 3));
  CHECK_FALSE(FitsPrecision(-1000, 3));
  CHECK(FitsPrecision(std::numeric_limits<int64_t>::max(), 19));
  CHECK_FALSE(FitsPrecision(int128_t{9'999'999'999'999'999'999ULL}, 19));
  CHECK(FitsPrecision(PowerOfTen(38) - 1, 38));
  CHECK_FALSE(FitsPrecision(PowerOfTen(38), 38));
}

TEST_CASE("division keeps the result's scale and truncates", "[types]") {
  CHECK(Quotient(18400, 2, 2, 0, 8) == "92.00000000");
  CHECK(Quotient(1, 0, 3, 0, 4) == "0.3333");
  CHECK(Quotient(-2, 0, 3, 0, 4) == "-0.6666");
  CHECK(Quotient(12345, 4, 1, 0, 2) == "1.23");
  // Intermediates beyond 128 bits: (10^38-1) / (10^38-1) and a quotient of 38 digits.
  const int128_t nines = PowerOfTen(38) - 1;
  CHECK(Quotient(nines, 0, nines, 0, 37) == "1.0000000000000000000000000000000000000");
  CHECK(Quotient(nines - 1, 0, nines, 0, 37) == "0.9999999999999999999999999999999999999");
  CHECK(Quotient(1, 0, nines, 0, 38) == "0.00000000000000000000000000000000000001");
  CHECK(Quotient(kMax - 5, 20, kMax, 20, 30) == "0.999999999999999999999999999999");
  CHECK(Quotient(nines, 0, 1, 10, 4) == "overflow");
}

TEST_CASE("doubles become the decimal that they print as", "[types]") {
  CHECK(DoubleToDecimal(1.005, 2) == 101);
  CHECK(DoubleToDecimal(-2.5, 0) == -3);
  CHECK(DoubleToDecimal(0.1, 20) == PowerOfTen(19));
  CHECK(DoubleToDecimal(1e30, 0) == PowerOfTen(30));
  CHECK(DoubleToDecimal(123.456, 1) == 1235);
  CHECK_FALSE(DoubleToDecimal(1e39, 0).has_value());
  CHECK_FALSE(DoubleToDecimal(std::nan(""), 0).has_value());
  CHECK(DecimalToDouble(1, 1) == 0.1);
  CHECK(DecimalToDouble(PowerOfTen(37), 37) == 1.0);
  CHECK(DecimalToDouble(int128_t{12345678901234567890ULL} * 1000, 23) == 0.12345678901234567890);
}

}  // namespace
}  // namespace vesto::types
