#include "format/field_parse.h"

#include <cmath>
#include <limits>
#include <string>

#include "support/status.h"

namespace vesto::format {
namespace {

FieldParser Parser(FieldParseOptions options = {}) {
  auto parser = FieldParser::Create(std::move(options));
  REQUIRE_OK(parser);
  return *std::move(parser);
}

template <typename T>
std::string Integer(std::string_view text) {
  T value = 0;
  const LoadErrorCode code = ParseInteger(text, &value);
  return code == LoadErrorCode::kNone ? std::to_string(value)
                                      : "E" + std::to_string(static_cast<int>(code));
}

std::string Decimal(std::string_view text, int precision, int scale, bool rounds = false) {
  int128_t wide = 0;
  const LoadErrorCode code = ParseDecimal128(text, precision, scale, rounds, &wide);
  if (precision <= 19) {
    // Both readers agree.
    int64_t narrow = 0;
    CHECK(ParseDecimal64(text, precision, scale, rounds, &narrow) == code);
    if (code == LoadErrorCode::kNone) CHECK(narrow == static_cast<int64_t>(wide));
  }
  return code == LoadErrorCode::kNone ? std::to_string(static_cast<long long>(wide))
                                      : "E" + std::to_string(static_cast<int>(code));
}

TEST_CASE("integers of every length are read", "[format]") {
  std::string digits;
  int64_t expected = 0;
  for (int i = 1; i <= 18; ++i) {
    digits += static_cast<char>('0' + i % 10);
    expected = expected * 10 + i % 10;
    CHECK(Integer<int64_t>(digits) == std::to_string(expected));
    CHECK(Integer<int64_t>("-" + digits) == std::to_string(-expected));
    // Every byte is looked at.
    for (int place = 0; place < i; ++place) {
      for (const char bad : {'/', ':', 'a', ' ', '\x80', '.'}) {
        std::string broken = digits;
        broken[place] = bad;
        const bool is_edge_blank = bad == ' ' && i > 1 && (place == 0 || place == i - 1);
        if (!is_edge_blank) CHECK(Integer<int64_t>(broken) == "E1207");
      }
    }
  }
  CHECK(Integer<int16_t>("32767") == "32767");
  CHECK(Integer<int16_t>("-32768") == "-32768");
  CHECK(Integer<int16_t>("32768") == "E1222");
  CHECK(Integer<int32_t>("2147483647") == "2147483647");
  CHECK(Integer<int32_t>("-2147483648") == "-2147483648");
  CHECK(Integer<int32_t>("-2147483649") == "E1222");
  CHECK(Integer<int64_t>("9223372036854775807") == "9223372036854775807");
  CHECK(Integer<int64_t>("-9223372036854775808") == "-9223372036854775808");
  CHECK(Integer<int64_t>("9223372036854775808") == "E1222");
  CHECK(Integer<int64_t>(std::string(100, '9')) == "E1222");
  CHECK(Integer<int32_t>(" +0000000000000000000000000042 ") == "42");
  for (const char* bad : {"", "-", "+", "--1", "-+1", "1.0", "1e3", "0x1", "1 2"}) {
    CHECK(Integer<int32_t>(bad) == "E1207");
  }
}

TEST_CASE("decimals are cut to their scale, or rounded", "[format]") {
  CHECK(Decimal("17954.55", 15, 2) == "1795455");
  CHECK(Decimal("-0.07", 15, 2) == "-7");
  CHECK(Decimal("5", 15, 2) == "500");
  CHECK(Decimal(".5", 15, 2) == "50");
  CHECK(Decimal("5.", 15, 2) == "500");
  CHECK(Decimal("+1.5", 4, 1) == "15");
  CHECK(Decimal("20.259", 4, 2) == "2025");
  CHECK(Decimal("20.259", 4, 2, true) == "2026");
  CHECK(Decimal("-20.255", 4, 2, true) == "-2026");
  CHECK(Decimal("20.254999", 4, 2, true) == "2025");
  CHECK(Decimal("99.995", 4, 2) == "9999");
  CHECK(Decimal("99.995", 4, 2, true) == "E1204");
  CHECK(Decimal("100.00", 4, 2) == "E1204");
  CHECK(Decimal("1234567890123456.78", 18, 2) == "123456789012345678");
  CHECK(Decimal("12", 18, 0) == "12");
  CHECK(Decimal("000000000000000000000001.10", 4, 2) == "110");
  CHECK(Decimal("9223372036854775807", 19, 0) == "9223372036854775807");
  CHECK(Decimal("9223372036854775808", 19, 0) == "E1204");
  CHECK(Decimal("99999999", 19, 11) == "E1204");
  CHECK(Decimal("92233720.3685477580", 19, 11) == "9223372036854775800");
  CHECK(Decimal("-92233720.36854775808", 19, 11) == "-9223372036854775808");
  CHECK(Decimal("9999999.99999999999", 19, 11) == "999999999999999999");
  for (int number = 0; number < 12000; ++number) {
    const std::string text = std::to_string(number);
    REQUIRE(Decimal(text, 6, 2) == (number < 10000 ? text + (number == 0 ? "" : "00") : "E1204"));
  }
  CHECK(Decimal("0.0000000000000000000000000000000000001", 38, 37) == "1");
  CHECK(Decimal(std::string(39, '9'), 38, 0) == "E1204");
  int128_t wide = 0;
  CHECK(ParseDecimal128(std::string(38, '9'), 38, 0, false, &wide) == LoadErrorCode::kNone);
  for (const char* bad : {"", ".", "-", "1.2.3", "1e5", "a", "1,5", "- 1"}) {
    CHECK(Decimal(bad, 10, 2) == "E1207");
  }
}

TEST_CASE("floats and booleans", "[format]") {
  double wide = 0;
  float narrow = 0;
  CHECK(ParseDouble(" 1.5e3 ", &wide) == LoadErrorCode::kNone);
  CHECK(wide == 1500);
  CHECK(ParseDouble("NaN", &wide) == LoadErrorCode::kNone);
  CHECK(std::isnan(wide));
  CHECK(ParseDouble("-Infinity", &wide) == LoadErrorCode::kNone);
  CHECK(ParseDouble("1e400", &wide) == LoadErrorCode::kInvalidFloat);
  CHECK(ParseReal("1e39", &narrow) == LoadErrorCode::kInvalidFloat);
  for (const char* bad : {"", "x", "1.5x", "1..5", "+-1", "0x10"}) {
    CHECK(ParseDouble(bad, &wide) == LoadErrorCode::kInvalidFloat);
  }
  bool value = false;
  for (const char* yes : {"t", "TRUE", "y", "Yes", "1"}) {
    CHECK((ParseBoolean(yes, &value) == LoadErrorCode::kNone && value));
  }
  for (const char* no : {"f", "False", "n", "NO", "0"}) {
    CHECK((ParseBoolean(no, &value) == LoadErrorCode::kNone && !value));
  }
  CHECK(ParseBoolean("2", &value) == LoadErrorCode::kInvalidBoolean);
}

TEST_CASE("every day of 3000 years is read as the calendar counts it", "[format]") {
  const FieldParser parser = Parser();
  bool same = true;
  for (int64_t day = types::DaysFromCivil(1, 1, 1); day < types::DaysFromCivil(3000, 1, 1);
       day += 3) {
    int32_t days = 0;
    same &=
        parser.ParseDate(types::DateToString(day).substr(0, 10), &days) == LoadErrorCode::kNone &&
        days == day;
  }
  CHECK(same);
}

TEST_CASE("dates and timestamps in their default form", "[format]") {
  const FieldParser parser = Parser();
  int32_t days = 0;
  int64_t micros = 0;
  CHECK(parser.ParseDate("1970-01-02", &days) == LoadErrorCode::kNone);
  CHECK(days == 1);
  CHECK(parser.ParseDate(" 2000-02-29 13:00:00", &days) == LoadErrorCode::kNone);
  CHECK(days == 11016);
  for (const char* bad : {"1999-02-29", "2000-00-10", "2000-13-01", "2000-04-31", "2000-01-00",
                          "2000/01/01", "2000-1-1", "20000101", "0000-01-01", "2000-01-01x", ""}) {
    CAPTURE(bad);
    CHECK(parser.ParseDate(bad, &days) == LoadErrorCode::kInvalidDate);
  }
  CHECK(parser.ParseTimestamp("1970-01-01 00:00:01.5", &micros) == LoadErrorCode::kNone);
  CHECK(micros == 1500000);
  CHECK(parser.ParseTimestamp("1970-01-02", &micros) == LoadErrorCode::kNone);
  CHECK(micros == types::kMicrosPerDay);
  CHECK(parser.ParseTimestamp("1969-12-31 23:59:59.9999999", &micros) == LoadErrorCode::kNone);
  CHECK(micros == -1);
  for (const char* bad :
       {"1970-01-01 24:00:00", "1970-01-01 00:60:00", "1970-01-01 00:00:60", "1970-01-01T00:00:00",
        "1970-01-01 00:00", "1970-01-01 00:00:00.", "1970-01-01 00:00:00+01", "now", ""}) {
    CAPTURE(bad);
    CHECK(parser.ParseTimestamp(bad, &micros) == LoadErrorCode::kInvalidTimestamp);
  }
  for (const char* text : {"1970-01-01 02:00:00+02", "1970-01-01 00:00:00Z", "1970-01-01 00:00:00",
                           "1969-12-31 18:30:00 -05:30", "1970-01-01 02:00:00+0200"}) {
    CAPTURE(text);
    CHECK(parser.ParseTimestampTz(text, &micros) == LoadErrorCode::kNone);
    CHECK(micros == 0);
  }
  CHECK(parser.ParseTime("04:05:06.789", &micros) == LoadErrorCode::kNone);
  CHECK(micros == 14706789000);
  CHECK(parser.ParseTime("late", &micros) == LoadErrorCode::kInvalidTimestamp);
}

TEST_CASE("DATEFORMAT and TIMEFORMAT", "[format]") {
  FieldParseOptions options;
  options.date_form = options.time_form = DateTimeForm::kPattern;
  options.date_pattern = "MM/DD/YY";
  options.time_pattern = "DD Mon YYYY HH12:MI:SS AM";
  int32_t days = 0;
  int64_t micros = 0;
  {
    const FieldParser parser = Parser(options);
    CHECK(parser.ParseDate("1/2/70 10:00", &days) == LoadErrorCode::kNone);
    CHECK(days == 1);
    CHECK(parser.ParseDate("13/02/70", &days) == LoadErrorCode::kInvalidDate);
    CHECK(parser.Reason(LoadErrorCode::kInvalidDate, Type::Date(), "x") ==
          "Invalid date format or value [MM/DD/YY]");
    CHECK(parser.ParseTimestamp("1 January 1970 12:00:01.25 am", &micros) == LoadErrorCode::kNone);
    CHECK(micros == 1250000);
    CHECK(parser.ParseTimestamp("1 jan 1970 01:00:00 PM", &micros) == LoadErrorCode::kNone);
    CHECK(micros == 13 * types::kMicrosPerHour);
    CHECK(parser.ParseTimestamp("1 jan 1970 13:00:00 PM", &micros) ==
          LoadErrorCode::kInvalidTimestamp);
  }
  options.time_pattern = "YYYY-MM-DD HH:MI:SSOF";
  CHECK(Parser(options).ParseTimestampTz("1970-01-01 01:00:00+01:00", &micros) ==
        LoadErrorCode::kNone);
  CHECK(micros == 0);
  options.time_form = DateTimeForm::kEpochSeconds;
  CHECK(Parser(options).ParseTimestamp("1.5", &micros) == LoadErrorCode::kNone);
  CHECK(micros == 1500000);
  options.time_form = DateTimeForm::kEpochMilliseconds;
  CHECK(Parser(options).ParseTimestamp("-1500", &micros) == LoadErrorCode::kNone);
  CHECK(micros == -1500000);
  CHECK(Parser(options).ParseTimestamp("99999999999999999999", &micros) ==
        LoadErrorCode::kInvalidTimestamp);
  options.date_form = options.time_form = DateTimeForm::kAuto;
  CHECK(Parser(options).ParseDate("Jan 2, 1970", &days) == LoadErrorCode::kNone);
  CHECK(days == 1);
  CHECK(Parser(options).ParseTimestamp("1970-01-01T00:00:01Z", &micros) == LoadErrorCode::kNone);
  CHECK(micros == 1000000);
  options.accept_any_date = true;
  CHECK(Parser(options).ParseDate("rubbish", &days) == LoadErrorCode::kLoadNull);
  CHECK(Parser(options).ParseTimestamp("rubbish", &micros) == LoadErrorCode::kLoadNull);
  options.date_form = DateTimeForm::kPattern;
  options.date_pattern = "//";
  CHECK_SQL_ERROR(FieldParser::Create(options), SqlState::kInvalidParameterValue);
}

TEST_CASE("strings are measured in bytes and checked", "[format]") {
  FieldParseOptions options;
  std::string_view out;
  std::string scratch;
  const std::string euro = "\xE2\x82\xAC";
  {
    const FieldParser parser = Parser(options);
    CHECK(parser.ParseVarchar(euro, 3, false, &out, &scratch) == LoadErrorCode::kNone);
    CHECK(out == euro);
    CHECK(parser.ParseVarchar(euro, 2, false, &out, &scratch) == LoadErrorCode::kOutOfRange);
    CHECK(parser.ParseVarchar("a\xA4", 9, false, &out, &scratch) == LoadErrorCode::kInvalidUtf8);
    CHECK(parser.Reason(LoadErrorCode::kInvalidUtf8, Type::Varchar(9), "a\xA4") ==
          "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: a4 "
          "(error 3)");
    CHECK(parser.ParseChar("abc  ", 3, true, &out) == LoadErrorCode::kNone);
    CHECK(out == "abc");
    CHECK(parser.ParseChar("abcd", 3, true, &out) == LoadErrorCode::kOutOfRange);
    CHECK(parser.ParseChar(euro, 9, false, &out) == LoadErrorCode::kInvalidUtf8);
    CHECK(parser.Reason(LoadErrorCode::kInvalidUtf8, Type::Char(9), euro) ==
          "Multibyte character not supported for CHAR (Hint: Try using  VARCHAR). Invalid char: "
          "e2 82 ac");
    CHECK(parser.ParseVarbyte("00fF", 2, &out, &scratch) == LoadErrorCode::kNone);
    CHECK(out == std::string_view("\0\xFF", 2));
    CHECK(parser.ParseVarbyte("0", 2, &out, &scratch) == LoadErrorCode::kInvalidHex);
    CHECK(parser.ParseVarbyte("0g", 2, &out, &scratch) == LoadErrorCode::kInvalidHex);
  }
  options.truncate_columns = true;
  options.accept_invalid_chars = true;
  const FieldParser parser = Parser(options);
  const std::string letter_and_euro = "a" + euro;
  CHECK(parser.ParseVarchar(letter_and_euro, 3, false, &out, &scratch) == LoadErrorCode::kNone);
  CHECK(out == "a");
  CHECK(parser.ParseVarchar("a\xE0\xA1z\xFF\xEF\xBF\xBF", 99, false, &out, &scratch) ==
        LoadErrorCode::kNone);
  CHECK(out == "a??z????");
  CHECK(parser.ParseChar("abcd", 3, true, &out) == LoadErrorCode::kNone);
  CHECK(out == "abc");
}

TEST_CASE("UTF-8 problems carry Redshift's sub-codes", "[format]") {
  const auto code = [](std::string_view text) { return FindInvalidUtf8(text).code; };
  CHECK(code("plain \xE2\x82\xAC \xF0\x9F\x98\x80 \xEF\xBF\xBF") == 0);
  CHECK(code("\xF8\x88\x80\x80\x80") == 1);
  CHECK(code("ab\xE2\x82") == 2);
  CHECK(code("\x80") == 3);
  CHECK(code("\xFE") == 3);
  CHECK(code("\xE2\x82z") == 4);
  CHECK(code("\xED\xA0\x80") == 5);
  CHECK(code("\xF4\x90\x80\x80") == 8);
  CHECK(code("\xC0\xAF") == 9);
}

TEST_CASE("reasons name the bad character", "[format]") {
  const FieldParser parser = Parser();
  const auto digit = [&](const Type& type, std::string_view text) {
    return parser.Reason(LoadErrorCode::kInvalidDigit, type, text);
  };
  CHECK(digit(Type::Integer(), "a") == "Invalid digit, Value 'a', Pos 0, Type: Integer");
  CHECK(digit(Type::Smallint(), "1.0") == "Invalid digit, Value '.', Pos 1, Type: Short");
  CHECK(digit(Type::Bigint(), "-1x") == "Invalid digit, Value 'x', Pos 2, Type: Long");
  CHECK(digit(Type::Decimal(8, 2), "1.2.3") == "Invalid digit, Value '.', Pos 3, Type: Decimal");
  CHECK(parser.Reason(LoadErrorCode::kInvalidFloat, Type::Double(), "1.5x") ==
        "Invalid digit, Value 'x', Pos 3, Type: Float");
  CHECK(parser.Reason(LoadErrorCode::kInvalidFloat, Type::Double(), "1e999") ==
        "Overflow for float");
  CHECK(parser.Reason(LoadErrorCode::kOutOfRange, Type::Varchar(3), "abcd") ==
        "String length exceeds DDL length");
  CHECK(parser.Reason(LoadErrorCode::kOutOfRange, Type::Decimal(8, 2), "1") ==
        "Overflow for NUMERIC(8,2)");
  CHECK(parser.Reason(LoadErrorCode::kInvalidDate, Type::Date(), "2000-1-1") ==
        "Invalid Date Format - length must be 10 or more");
  CHECK(parser.Reason(LoadErrorCode::kInvalidTimestamp, Type::Timestamp(), "x") ==
        "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]");
}

}  // namespace
}  // namespace vesto::format
