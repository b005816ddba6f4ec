#include "types/format_pattern.h"

#include "support/status.h"
#include "types/datetime.h"
#include "types/decimal.h"

namespace vesto::types {
namespace {

std::string Show(std::string_view timestamp, std::string_view pattern) {
  return DateTimePattern::Compile(pattern)->Format(*ParseTimestamp(timestamp, {}));
}

std::string Read(std::string_view text, std::string_view pattern, bool strict = false) {
  const auto parsed = DateTimePattern::Compile(pattern)->Parse(text, strict);
  if (!parsed.ok()) return test::Describe(parsed.status());
  return TimestampToString(parsed->timestamp());
}

// `number` is written as a decimal.
std::string ShowNumber(std::string_view number, std::string_view pattern) {
  const auto compiled = NumericPattern::Compile(pattern);
  if (!compiled.ok()) return test::Describe(compiled.status());
  int scale = 0;
  const auto value = ParseDecimal(number, &scale);
  return compiled->Format(*value, scale);
}

std::string ReadNumber(std::string_view text, std::string_view pattern) {
  const auto parsed = NumericPattern::Compile(pattern)->Parse(text);
  if (!parsed.ok()) return test::Describe(parsed.status());
  return DecimalToString(parsed->unscaled, parsed->scale);
}

TEST_CASE("datetime patterns print the guide's samples", "[types]") {
  const std::string_view t = "2009-12-31 23:15:59.123456";
  CHECK(Show(t, "MONTH-DY-DD-YYYY HH12:MIPM") == "DECEMBER -THU-31-2009 11:15PM");
  CHECK(Show("2008-06-01 09:59:59", "HH24:MI:SS") == "09:59:59");
  CHECK(Show(t, "FMMonth DDth, YYYY") == "December 31st, 2009");
  CHECK(Show(t, "FMDay, FMDD  HH:MI:SS") == "Thursday, 31  11:15:59");
  CHECK(Show(t, "Day|day|DAY") == "Thursday |thursday |THURSDAY ");
  CHECK(Show(t, "Y,YYY YYY YY Y CC Q") == "2,009 009 09 9 21 4");
  CHECK(Show(t, "IYYY-IW-ID IDDD") == "2009-53-4 368");
  CHECK(Show("2009-01-01", "D W WW DDD J") == "5 1 01 001 2454833");
  CHECK(Show(t, "MS US AM a.m.") == "123 123456 PM p.m.");
  CHECK(Show(t, "RM|rm|FMRM") == "XII |xii |XII");
  CHECK(Show("0044-03-15 BC", "YYYY BC b.c.") == "0044 BC b.c.");
  CHECK(Show(t, "\"Year: \"YYYY") == "Year: 2009");
  CHECK(Show("2009-01-02", "DDth FMMMTH") == "02nd 1ST");
  CHECK(Show("2009-01-11", "DDth") == "11th");
  CHECK(Show("2009-01-01 00:05:00", "HH12 HH24") == "12 00");
}

TEST_CASE("zones print by name and offset", "[types]") {
  const int64_t utc = *ParseTimestamp("2024-07-01 12:00:00", {});
  const auto pattern = DateTimePattern::Compile("HH24:MI TZ tz OF");
  CHECK(pattern->FormatInZone(utc, *FindTimeZone("America/New_York")) == "08:00 EDT edt -04");
  CHECK(pattern->FormatInZone(utc, *FindTimeZone("Asia/Kolkata")) == "17:30 IST ist +05:30");
  CHECK(pattern->has_zone());
}

TEST_CASE("text is read by its pattern", "[types]") {
  CHECK(Read("02 Oct 2001", "DD Mon YYYY") == "2001-10-02 00:00:00");
  CHECK(Read("20010631", "YYYYMMDD") == "2001-07-01 00:00:00");
  CHECK(Read("20010631", "YYYYMMDD", true) ==
        "22008: date/time field date value out of range: 2001-6-31");
  CHECK(Read("2011-12-18 24:38:15", "YYYY-MM-DD HH24:MI:SS") == "2011-12-19 00:38:15");
  CHECK(Read("2011-12-18 24:38:15", "YYYY-MM-DD HH24:MI:SS", true) ==
        "22008: date/time field time value out of range: 24:38:15.0");
  CHECK(Read("", "YYYY") == "0001-01-01 00:00:00");
  CHECK(Read("05 Dec 2000", "DD Month YYYY") == "2000-12-05 00:00:00");
  CHECK(Read("December 5, 2000 3:04:05 PM", "Month DD, YYYY HH12:MI:SS AM") ==
        "2000-12-05 15:04:05");
  CHECK(Read("2000-12-05 12:00 am", "YYYY-MM-DD HH:MI AM") == "2000-12-05 00:00:00");
  CHECK(Read("2008-02-15 04:05:06.5", "YYYY-MM-DD HH:MI:SS.US") == "2008-02-15 04:05:06.5");
  CHECK(Read("2008-02-15 04:05:06.123456", "YYYY-MM-DD HH24:MI:SS.MS") ==
        "2008-02-15 04:05:06.123");
  CHECK(Read("9/1/08", "MM/DD/YY") == "2008-09-01 00:00:00");
  CHECK(Read("366 2008", "DDD YYYY") == "2008-12-31 00:00:00");
  CHECK(Read("2009-53-4", "IYYY-IW-ID") == "2009-12-31 00:00:00");
  CHECK(Read("2454833", "J") == "2009-01-01 00:00:00");
  CHECK(Read("2,009-XII-31", "Y,YYY-RM-DD") == "2009-12-31 00:00:00");
  CHECK(Read("44 BC", "YYYY BC") == "0044-01-01 00:00:00 BC");
  CHECK(Read("20090102030405", "YYYYMMDDHH24MISS") == "2009-01-02 03:04:05");
  CHECK(Read("abc", "YYYY").substr(0, 5) == "22007");
  CHECK(Read("2008-Foo-01", "YYYY-Mon-DD").substr(0, 5) == "22007");
  CHECK(Read("2008-01-01x", "YYYY-MM-DD", true).substr(0, 5) == "22007");
  const auto with_offset =
      DateTimePattern::Compile("YYYY-MM-DD HH24:MI:SSOF")->Parse("2008-02-15 04:05:06+05:30", true);
  REQUIRE(with_offset.ok());
  CHECK(with_offset->has_offset);
  CHECK(with_offset->offset_seconds == 19800);
}

TEST_CASE("number patterns print the guide's samples", "[types]") {
  CHECK(ShowNumber("125.8", "999D99S") == "125.80+");
  CHECK(ShowNumber("-125.88", "999D99S") == "125.88-");
  CHECK(ShowNumber("-125.88", "S999D99L") == "-125.88$");
  CHECK(ShowNumber("125.8", "PL999D99") == "+ 125.80");
  CHECK(ShowNumber("-125.88", "$999D99PR") == "$<125.88>");
  CHECK(ShowNumber("125.88", "999D99PR") == " 125.88 ");
  CHECK(ShowNumber("485", "RN") == "        CDLXXXV");
  CHECK(ShowNumber("485", "FMRN") == "CDLXXXV");
  CHECK(ShowNumber("4000", "RN") == "###############");
}

TEST_CASE("number patterns follow PostgreSQL", "[types]") {
  CHECK(ShowNumber("485", "999") == " 485");
  CHECK(ShowNumber("-485", "999") == "-485");
  CHECK(ShowNumber("12", "9990999.9") == "    0012.0");
  CHECK(ShowNumber("12", "FM9990999.9") == "0012.");
  CHECK(ShowNumber("485", "9 9 9") == " 4 8 5");
  CHECK(ShowNumber("1485", "9,999") == " 1,485");
  CHECK(ShowNumber("485", "9,999") == "   485");
  CHECK(ShowNumber("148.5", "999.999") == " 148.500");
  CHECK(ShowNumber("148.5", "FM999.999") == "148.5");
  CHECK(ShowNumber("148.5", "FM999.990") == "148.500");
  CHECK(ShowNumber("-0.1", "99.99") == "  -.10");
  CHECK(ShowNumber("-0.1", "FM9.99") == "-.1");
  CHECK(ShowNumber("0.1", "0.9") == " 0.1");
  CHECK(ShowNumber("0.1", "FM90.99") == "0.1");
  CHECK(ShowNumber("0", "FM9.9") == "0.");
  CHECK(ShowNumber("0", "999") == "   0");
  CHECK(ShowNumber("-485", "999MI") == "485-");
  CHECK(ShowNumber("485", "999MI") == "485 ");
  CHECK(ShowNumber("485", "FM999MI") == "485");
  CHECK(ShowNumber("-485", "9SG99") == "4-85");
  CHECK(ShowNumber("482", "999th") == " 482nd");
  CHECK(ShowNumber("485.8", "\"Pre:\"999\" Post:\" .999") == "Pre: 485 Post: .800");
  CHECK(ShowNumber("12", "99V999") == " 12000");
  CHECK(ShowNumber("12.45", "99V9") == " 125");
  CHECK(ShowNumber("1234", "999") == " ###");
  CHECK(ShowNumber("-1234.5", "999.9") == "-###.#");
  CHECK(ShowNumber("12345678901234567890123456789012345678",
                   "99999999999999999999999999999999999999.99") ==
        " 12345678901234567890123456789012345678.00");
  CHECK(ShowNumber("1", "9.9.9").substr(0, 5) == "42601");
  CHECK(NumericPattern::Compile("999.99")->Format(125.5) == " 125.50");
  CHECK(NumericPattern::Compile("9")->Format(1e300) == " #");
}

TEST_CASE("numbers are read by their pattern", "[types]") {
  CHECK(ReadNumber("12,454.8-", "99G999D9S") == "-12454.8");
  CHECK(ReadNumber("$ 2,012,454.88", "L9,999,999.99") == "2012454.88");
  CHECK(ReadNumber("-125", "999") == "-125");
  CHECK(ReadNumber("12", "99999") == "12");
  CHECK(ReadNumber("<485>", "999PR") == "-485");
  CHECK(ReadNumber("1,234", "9,999,999") == "1234");
  CHECK(ReadNumber("x", "999").substr(0, 5) == "22P02");
  CHECK(NumericPattern::Compile("99G999D9S")->precision() == 6);
  CHECK(NumericPattern::Compile("99G999D9S")->scale() == 1);
}

}  // namespace
}  // namespace vesto::types
