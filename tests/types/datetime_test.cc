#include "types/datetime.h"

#include "support/status.h"

namespace vesto::types {
namespace {

DateTimeContext InZone(std::string_view name) {
  DateTimeContext context;
  context.time_zone = *FindTimeZone(name);
  return context;
}

std::string DateOf(std::string_view text, const DateTimeContext& context = {}) {
  const auto days = ParseDate(text, context);
  return days.ok() ? DateToString(*days) : test::Describe(days.status());
}
std::string TimeOf(std::string_view text) {
  const auto micros = ParseTime(text, {});
  return micros.ok() ? TimeToString(*micros) : test::Describe(micros.status());
}
std::string TimeTzOf(std::string_view text) {
  const auto micros = ParseTimeTz(text, {});
  return micros.ok() ? TimeTzToString(*micros) : test::Describe(micros.status());
}
std::string TimestampOf(std::string_view text, const DateTimeContext& context = {}) {
  const auto micros = ParseTimestamp(text, context);
  return micros.ok() ? TimestampToString(*micros) : test::Describe(micros.status());
}
std::string TimestampTzOf(std::string_view text, const DateTimeContext& context = {}) {
  const auto micros = ParseTimestampTz(text, context);
  return micros.ok() ? TimestampTzToString(*micros, context.time_zone)
                     : test::Describe(micros.status());
}

TEST_CASE("days and civil dates are each other's inverse", "[types]") {
  for (int64_t days : {-2472632L, -719529L, -719528L, -719163L, -1L, 0L, 59L, 60L, 11016L, 19782L,
                       19783L, 106762991L}) {
    const CivilDate date = CivilFromDays(days);
    CHECK(DaysFromCivil(date.year, date.month, date.day) == days);
  }
  CHECK(DaysFromCivil(1970, 1, 1) == 0);
  CHECK(DaysFromCivil(2000, 13, 1) == DaysFromCivil(2001, 1, 1));
  CHECK(DayOfWeek(0) == 4);
  CHECK(DayOfWeek(-1) == 3);
  CHECK(DayOfWeek(-4) == 0);
}

TEST_CASE("ISO weeks belong to the year of their Thursday", "[types]") {
  int year = 0;
  CHECK(IsoWeek(DaysFromCivil(2005, 1, 1), &year) == 53);
  CHECK(year == 2004);
  CHECK(IsoWeek(DaysFromCivil(2008, 12, 29), &year) == 1);
  CHECK(year == 2009);
  CHECK(IsoWeek(DaysFromCivil(2020, 12, 31)) == 53);
}

TEST_CASE("adding months clips to the end of the month", "[types]") {
  const auto add = [](int y, int m, int d, int64_t months) {
    return DateToString(AddMonthsToDays(DaysFromCivil(y, m, d), months));
  };
  CHECK(add(2023, 3, 31, -4) == "2022-11-30");
  CHECK(add(2016, 2, 29, 12) == "2017-02-28");
  CHECK(add(2008, 4, 30, 1) == "2008-05-30");
  CHECK(add(2000, 1, 31, 1) == "2000-02-29");
  CHECK(add(1, 1, 31, -11) == "0001-02-29 BC");
  CHECK(add(2000, 1, 1, INT64_MAX) != "");
}

TEST_CASE("dates are read in every form of the guide", "[types]") {
  for (std::string_view text :
       {"January 8, 1999", "1999-01-08", "1/8/1999", "Jan-8-1999", "8-Jan-1999", "1999-Jan-08",
        "Jan-08-1999", "08-Jan-1999", "19990108", "990108", "1999.008", "Fri Jan 8 1999",
        " 1999-1-8 ", "J2451187", "1999-01-08 12:30:00", "01/08/99", "8 january 1999"}) {
    INFO(text);
    CHECK(DateOf(text) == "1999-01-08");
  }
  CHECK(DateOf("01/02/00") == "2000-01-02");
  CHECK(DateOf("20080215") == "2008-02-15");
  CHECK(DateOf("080215") == "2008-02-15");
  CHECK(DateOf("2008.366") == "2008-12-31");
  CHECK(DateOf("2000-Jan-31") == "2000-01-31");
  CHECK(DateOf("Jan-31-2000") == "2000-01-31");
  CHECK(DateOf("31-Jan-2000") == "2000-01-31");
  CHECK(DateOf("0044-03-15 BC") == "0044-03-15 BC");
  CHECK(DateOf("4713-01-01 BC") == "4713-01-01 BC");
  CHECK(DateOf("294276-12-31") == "294276-12-31");
  DateTimeContext day_first;
  day_first.date_order = DateOrder::kDayMonthYear;
  CHECK(DateOf("1/8/1999", day_first) == "1999-08-01");
  DateTimeContext year_first;
  year_first.date_order = DateOrder::kYearMonthDay;
  CHECK(DateOf("99/8/1", year_first) == "1999-08-01");
}

TEST_CASE("what is no date is refused with its reason", "[types]") {
  for (std::string_view text : {"2001-02-29", "13/8/1999", "1999-00-08", "0000-01-01", "2007.366",
                                "4714-01-01 BC", "294277-01-01", "20081301"}) {
    INFO(text);
    CHECK(DateOf(text) ==
          "22008: date/time field value out of range: \"" + std::string(text) + "\"");
  }
  for (std::string_view text : {"", "x", "1999-01", "1999-01-08-09", "12:00", "Jan", "1999-01-08 x",
                                "January 8, 1999, February", "9999999999999", "-", "1999-"}) {
    INFO(text);
    CHECK(DateOf(text) ==
          "22007: invalid input syntax for type date: \"" + std::string(text) + "\"");
  }
}

TEST_CASE("times are read in every form of the guide", "[types]") {
  CHECK(TimeOf("04:05:06.789") == "04:05:06.789");
  CHECK(TimeOf("04:05:06") == "04:05:06");
  CHECK(TimeOf("04:05") == "04:05:00");
  CHECK(TimeOf("040506") == "04:05:06");
  CHECK(TimeOf("04:05 AM") == "04:05:00");
  CHECK(TimeOf("04:05 pm") == "16:05:00");
  CHECK(TimeOf("12:05am") == "00:05:00");
  CHECK(TimeOf("16:05") == "16:05:00");
  CHECK(TimeOf("24:00:00") == "24:00:00");
  CHECK(TimeOf("00:00:00.0000005") == "00:00:00.000001");
  CHECK(TimeOf("04:05:06 PST") == "04:05:06");
  CHECK(TimeOf("2008-01-01 04:05:06") == "04:05:06");
  CHECK(TimeOf("24:00:01").substr(0, 5) == "22008");
  CHECK(TimeOf("25:00").substr(0, 5) == "22008");
  CHECK(TimeOf("13:05 PM").substr(0, 5) == "22008");
  CHECK(TimeOf("noon").substr(0, 5) == "22007");
  CHECK(TimeTzOf("00:00:00-05:00") == "05:00:00+00");
  CHECK(TimeTzOf("20:00:00 EST") == "01:00:00+00");
  CHECK(TimeTzOf("04:05:06+7:30") == "20:35:06+00");
}

TEST_CASE("timestamps are read in every form of the guide", "[types]") {
  CHECK(TimestampOf("2008-02-15") == "2008-02-15 00:00:00");
  CHECK(TimestampOf("20080215 040506") == "2008-02-15 04:05:06");
  CHECK(TimestampOf("February 15, 2008 04:05:06.789") == "2008-02-15 04:05:06.789");
  CHECK(TimestampOf("2/15/2008 04:05 PM") == "2008-02-15 16:05:00");
  CHECK(TimestampOf("2008-02-15T04:05:06Z") == "2008-02-15 04:05:06");
  CHECK(TimestampOf("2008-02-15 04:05:06-08") == "2008-02-15 04:05:06");
  CHECK(TimestampOf("2008-02-15 24:00:00") == "2008-02-16 00:00:00");
  CHECK(TimestampOf("17 Dec 07:37:16 1997 PST") == "1997-12-17 07:37:16");
  CHECK(TimestampOf("12/17/1997 07:37:16.00 PST") == "1997-12-17 07:37:16");
  CHECK(TimestampOf("1997-12-17 23:59:59.9999999") == "1997-12-18 00:00:00");
  CHECK(TimestampOf("0044-03-15 12:00:00 BC") == "0044-03-15 12:00:00 BC");
  CHECK(TimestampOf("epoch") == "1970-01-01 00:00:00");
  CHECK(TimestampOf("1965-01-01 00:00:00.5") == "1965-01-01 00:00:00.5");
  CHECK(TimestampOf("294276-12-31").substr(0, 5) == "22008");
  CHECK(TimestampOf("2008-02-15 04:05:06 04:05").substr(0, 5) == "22007");
  DateTimeContext german;
  german.date_order = DateOrder::kDayMonthYear;
  CHECK(TimestampOf("17.12.1997 07:37:16.00 PST", german) == "1997-12-17 07:37:16");
}

TEST_CASE("special words are relative to the transaction's start", "[types]") {
  DateTimeContext context = InZone("America/New_York");
  context.now_micros = *ParseTimestamp("2024-03-10 02:30:00.25", {});
  CHECK(TimestampOf("now", context) == "2024-03-09 21:30:00.25");
  CHECK(TimestampOf("today", context) == "2024-03-09 00:00:00");
  CHECK(TimestampOf("Tomorrow", context) == "2024-03-10 00:00:00");
  CHECK(TimestampOf("yesterday 04:05", context) == "2024-03-08 04:05:00");
  CHECK(DateOf("now", context) == "2024-03-09");
  CHECK(TimestampTzOf("now", context) == "2024-03-09 21:30:00.25-05");
}

TEST_CASE("time zones apply daylight saving by name and not by abbreviation", "[types]") {
  CHECK(TimestampTzOf("2001-02-16 20:38:40 US/Pacific") == "2001-02-17 04:38:40+00");
  CHECK(TimestampTzOf("2001-07-16 20:38:40 US/Pacific") == "2001-07-17 03:38:40+00");
  CHECK(TimestampTzOf("2001-07-16 20:38:40 PST") == "2001-07-17 04:38:40+00");
  CHECK(TimestampTzOf("2001-02-16 20:38:40-8:00") == "2001-02-17 04:38:40+00");
  CHECK(TimestampTzOf("2001-02-16 20:38:40 +7:30") == "2001-02-16 13:08:40+00");
  CHECK(TimestampTzOf("2001-02-16 20:38:40 america/new_york") == "2001-02-17 01:38:40+00");
  CHECK(TimestampTzOf("2001-02-16 10:00:00 GMT+2") == "2001-02-16 12:00:00+00");
  CHECK(TimestampTzOf("2001-02-16 10:00:00", InZone("Asia/Kolkata")) ==
        "2001-02-16 10:00:00+05:30");
  CHECK(TimestampTzOf("2001-02-16 10:00:00 Mars/Olympus").substr(0, 5) == "22007");
  // The hour that does not exist is an hour later; the one that comes twice is standard time.
  const DateTimeContext new_york = InZone("America/New_York");
  CHECK(TimestampTzOf("2024-03-10 02:30:00", new_york) == "2024-03-10 03:30:00-04");
  CHECK(TimestampTzOf("2024-11-03 01:30:00", new_york) == "2024-11-03 01:30:00-05");
}

TEST_CASE("zones are found by name, abbreviation, offset and POSIX string", "[types]") {
  const auto offset = [](std::string_view name) {
    const auto zone = FindTimeZone(name);
    if (!zone.ok()) return test::Describe(zone.status());
    return std::to_string(UtcToLocal(0, *zone) / kMicrosPerMinute);
  };
  CHECK(offset("UTC") == "0");
  CHECK(offset("pst") == "-480");
  CHECK(offset("-08") == "-480");
  CHECK(offset("+05:30") == "330");
  CHECK(offset("GMT+2") == "-120");
  CHECK(offset("NEWZONE-2:15") == "135");
  CHECK(offset("EST5EDT") == "-300");
  CHECK(offset("us/pacific") == "-480");
  for (std::string_view bad :
       {"", "localtime", "../etc/passwd", "/etc/localtime", "Nowhere", "+99", "file:x"}) {
    INFO(bad);
    CHECK(offset(bad) == "22023: time zone \"" + std::string(bad) + "\" not recognized");
  }
}

TEST_CASE("interval literals", "[types]") {
  const auto read = [](std::string_view text, std::string_view qualifier = "") {
    const auto interval = ParseInterval(text, qualifier);
    if (!interval.ok()) return test::Describe(interval.status());
    std::string result = IntervalDayToSecondToString(interval->micros);
    if (interval->months != 0) {
      result = IntervalYearToMonthToString(interval->months) + " " + result;
    }
    return result;
  };
  CHECK(read("7 days, 3 hours, 59 minutes") == "7 days 3 hours 59 mins 0.0 secs");
  CHECK(read("1w, 1h, 1m, 1s") == "7 days 1 hours 1 mins 1.0 secs");
  CHECK(read("52 weeks") == "364 days 0 hours 0 mins 0.0 secs");
  CHECK(read("0.5 days") == "0 days 12 hours 0 mins 0.0 secs");
  CHECK(read("90") == "0 days 0 hours 1 mins 30.0 secs");
  CHECK(read("1.5 years") == "1 years 6 mons 0 days 0 hours 0 mins 0.0 secs");
  CHECK(read("-4 months") == "0 years -4 mons 0 days 0 hours 0 mins 0.0 secs");
  CHECK(read("1 day 2 hours ago") == "-1 days -2 hours 0 mins 0.0 secs");
  CHECK(read("1 2:03:04.5678") == "1 days 2 hours 3 mins 4.5678 secs");
  CHECK(read("-1 2:03:04") == "-1 days -2 hours -3 mins -4.0 secs");
  CHECK(read("2:2", "minute to second") == "0 days 0 hours 2 mins 2.0 secs");
  CHECK(read("2:2", "hour to minute") == "0 days 2 hours 2 mins 0.0 secs");
  CHECK(read("1.234567", "second(3)") == "0 days 0 hours 0 mins 1.235 secs");
  CHECK(read("1.23456789", "second") == "0 days 0 hours 0 mins 1.234567 secs");
  CHECK(read("3 days 4 hours", "day") == "3 days 0 hours 0 mins 0.0 secs");
  CHECK(IntervalYearToMonthToString(ParseInterval("23", "month")->months) == "1 years 11 mons");
  CHECK(IntervalYearToMonthToString(ParseInterval("13 months", "year")->months) ==
        "1 years 0 mons");
  CHECK(IntervalYearToMonthToString(ParseInterval("1-2", "year to month")->months) ==
        "1 years 2 mons");
  for (std::string_view bad : {"", "x", "1 parsec", "1:2:3:4", "1 day -", "1:99"}) {
    INFO(bad);
    CHECK(read(bad).substr(0, 5) == "22007");
  }
  CHECK(read("999999999999999999 days").substr(0, 5) == "22008");
}

TEST_CASE("interval text follows IntervalStyle", "[types]") {
  const int64_t span = kMicrosPerDay + 2 * kMicrosPerHour + 3 * kMicrosPerMinute + 4567800;
  CHECK(IntervalDayToSecondToText(span, IntervalStyle::kPostgres) == "1 day 02:03:04.5678");
  CHECK(IntervalDayToSecondToText(span, IntervalStyle::kPostgresVerbose) ==
        "@ 1 day 2 hours 3 mins 4.5678 secs");
  CHECK(IntervalDayToSecondToText(span, IntervalStyle::kSqlStandard) == "1 2:03:04.5678");
  CHECK(IntervalDayToSecondToText(-span, IntervalStyle::kSqlStandard) == "-1 2:03:04.5678");
  CHECK(IntervalDayToSecondToText(0, IntervalStyle::kPostgres) == "00:00:00");
  CHECK(IntervalYearToMonthToText(14, IntervalStyle::kPostgres) == "1 year 2 mons");
  CHECK(IntervalYearToMonthToText(14, IntervalStyle::kPostgresVerbose) == "@ 1 year 2 mons");
  CHECK(IntervalYearToMonthToText(14, IntervalStyle::kSqlStandard) == "1-2");
}

TEST_CASE("date parts and their synonyms", "[types]") {
  CHECK(ParseDatePart("m") == DatePart::kMinute);
  CHECK(ParseDatePart("MON") == DatePart::kMonth);
  CHECK(ParseDatePart("ms") == DatePart::kMillisecond);
  CHECK(ParseDatePart("qtr") == DatePart::kQuarter);
  CHECK_FALSE(ParseDatePart("fortnight").has_value());
}

}  // namespace
}  // namespace vesto::types
