#include "types/text.h"

#include <limits>

#include "support/status.h"

namespace vesto::types {
namespace {

std::string Cast(std::string_view text, const Type& type) {
  const auto value = ValueFromText(text, type, {});
  return value.ok() ? ValueToText(*value, {}) : test::Describe(value.status());
}

TEST_CASE("doubles print like PostgreSQL 8", "[types]") {
  CHECK(DoubleToText(0.1) == "0.1");
  CHECK(DoubleToText(1e20) == "1e+20");
  CHECK(DoubleToText(3.14159265358979323846) == "3.14159265358979");
  CHECK(DoubleToText(3.14159265358979323846, 2) == "3.1415926535897931");
  CHECK(DoubleToText(1.0 / 3) == "0.333333333333333");
  CHECK(DoubleToText(100) == "100");
  CHECK(DoubleToText(1e-5) == "1e-05");
  CHECK(DoubleToText(1e-7, -15) == "1e-07");
  CHECK(DoubleToText(std::numeric_limits<double>::infinity()) == "Infinity");
  CHECK(DoubleToText(-std::numeric_limits<double>::infinity()) == "-Infinity");
  CHECK(DoubleToText(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(FloatToText(0.1F) == "0.1");
  CHECK(FloatToText(123456.789F) == "123457");
}

TEST_CASE("numbers are read with PostgreSQL's errors", "[types]") {
  CHECK(Cast(" 42 ", Type::Integer()) == "42");
  CHECK(Cast("-32768", Type::Smallint()) == "-32768");
  CHECK(Cast("-9223372036854775808", Type::Bigint()) == "-9223372036854775808");
  CHECK(Cast("1.0", Type::Integer()) == "22P02: invalid input syntax for integer: \"1.0\"");
  CHECK(Cast("", Type::Integer()) == "22P02: invalid input syntax for integer: \"\"");
  CHECK(Cast("Amazon Redshift", Type::Integer()) ==
        "22P02: invalid input syntax for integer: \"Amazon Redshift\"");
  CHECK(Cast("2147483648", Type::Integer()) ==
        "22003: value \"2147483648\" is out of range for type integer");
  CHECK(Cast("12345678", Type::Smallint()) ==
        "22003: value \"12345678\" is out of range for type smallint");
  CHECK(Cast("99999999999999999999999", Type::Bigint()).substr(0, 5) == "22003");
  CHECK(Cast("nan", Type::Double()) == "NaN");
  CHECK(Cast("-Infinity", Type::Real()) == "-Infinity");
  CHECK(Cast("+1.5e3", Type::Double()) == "1500");
  CHECK(Cast("1e400", Type::Double()).substr(0, 5) == "22003");
  CHECK(Cast("1e-400", Type::Double()).substr(0, 5) == "22003");
  CHECK(Cast("1e39", Type::Real()).substr(0, 5) == "22003");
  for (std::string_view bad : {"", "x", "1x", "--1", "+-1", "0x1", "nan(1)", "."}) {
    INFO(bad);
    CHECK(Cast(bad, Type::Double()).substr(0, 5) == "22P02");
  }
}

TEST_CASE("decimals round into their scale and refuse what does not fit", "[types]") {
  CHECK(Cast("109.652", Type::Decimal(4, 1)) == "109.7");
  CHECK(Cast("1.0", Type::Decimal(18, 0)) == "1");
  CHECK(Cast("9.223372036854775807", Type::Decimal(19, 18)) == "9.223372036854775807");
  CHECK(Cast("9999999999999999999", Type::Decimal(19, 0)).substr(0, 5) == "22003");
  const auto error = ValueFromText("100", Type::Decimal(4, 2), {});
  CHECK(test::Describe(error.status()) == "22003: numeric field overflow");
  CHECK(Cast("x", Type::Decimal(4, 2)).substr(0, 5) == "22P02");
  CHECK(Cast("1e60", Type::Decimal(38, 0)).substr(0, 5) == "22003");
}

TEST_CASE("booleans", "[types]") {
  for (std::string_view text : {"t", "TRUE", "y", "Yes", "1"})
    CHECK(Cast(text, Type::Boolean()) == "t");
  for (std::string_view text : {"f", "false", "N", "no", "0"})
    CHECK(Cast(text, Type::Boolean()) == "f");
  CHECK(Cast("2", Type::Boolean()).substr(0, 5) == "22P02");
}

TEST_CASE("strings are cut on a byte limit between characters", "[types]") {
  CHECK(Cast("abcdef", Type::Varchar(3)) == "abc");
  CHECK(Cast("ab\xC3\xA9", Type::Varchar(3)) == "ab");
  CHECK(Cast("\xE4\xBD\xA0\xE5\xA5\xBD", Type::Varchar(5)) == "\xE4\xBD\xA0");
  CHECK(Cast("ab ", Type::Varchar(5)) == "ab ");
  CHECK(Cast("ab", Type::Char(4)) == "ab  ");
  CHECK(ValueFromText("ab   ", Type::Char(4), {})->text() == "ab");
  CHECK(Cast("\x01\xAB", Type::Varbyte(10)) == "01ab");
  CHECK(Cast("a\"b", {TypeId::kSuper}) == "\"a\\\"b\"");
  CHECK(TrimTrailingBlanks("a b  ") == "a b");
  CHECK(TruncateUtf8("\x80\x80\x80\x80\x80\x80", 5).size() == 5);
}

TEST_CASE("intervals of the typed kind", "[types]") {
  CHECK(Cast("1-2", Type::IntervalYearToMonth()) == "1 years 2 mons");
  CHECK(Cast("1 2:03:04.5", Type::IntervalDayToSecond()) == "1 days 2 hours 3 mins 4.5 secs");
  CHECK(Cast("1 month 2 days", Type::IntervalDayToSecond()).substr(0, 71) ==
        "22007: Interval Day To Second literal cannot contain year-month parts.");
}

TEST_CASE("values print as psql shows them", "[types]") {
  CHECK(vesto::Date(2024, 1, 31).ToString() == "2024-01-31");
  CHECK(Value::Decimal(1230, 10, 2).ToString() == "12.30");
  CHECK(Value::Boolean(true).ToString() == "t");
  CHECK(Value::Null(Type::Integer()).ToString().empty());
  CHECK(Value::TimestampTz(0).ToString() == "1970-01-01 00:00:00+00");
  CHECK(Value::Varbyte("\xff").ToString() == "ff");
  CHECK(Value::Real(1.5F).ToString() == "1.5");
}

}  // namespace
}  // namespace vesto::types
