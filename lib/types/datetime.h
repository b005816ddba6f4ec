#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "vesto/type.h"

// Calendar arithmetic and the text forms of dates and times. Days count from 1970-01-01,
// microseconds from 1970-01-01 00:00:00. Source: redshift/types.md §6 and §7, functions.md §5.
namespace vesto::types {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;

struct CivilDate {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
};

// Proleptic Gregorian calendar; year 0 is 1 BC.
CivilDate CivilFromDays(int64_t days);
int64_t DaysFromCivil(int year, int month, int day);
bool IsLeapYear(int year);
int DaysInMonth(int year, int month);
// 0 = Sunday.
int DayOfWeek(int64_t days);
// ISO week number and its year.
int IsoWeek(int64_t days, int* iso_year = nullptr);

// Month arithmetic that clips to the last day of the month (2023-03-31 - 4 months = 2022-11-30).
int64_t AddMonthsToDays(int64_t days, int64_t months);
int64_t AddMonthsToTimestamp(int64_t micros, int64_t months);
// Floor division of a timestamp into its day and the microseconds of that day.
int64_t TimestampToDays(int64_t micros);
int64_t MicrosOfDay(int64_t micros);

// DATESTYLE: how ambiguous dates are read (MDY, DMY, YMD). Output is always ISO here.
enum class DateOrder { kMonthDayYear, kDayMonthYear, kYearMonthDay };

// What reading and printing depend on: the session's time zone and the transaction's start.
struct DateTimeContext {
  absl::TimeZone time_zone = absl::UTCTimeZone();
  DateOrder date_order = DateOrder::kMonthDayYear;
  int64_t now_micros = 0;  // UTC; for 'now', 'today', 'tomorrow', 'yesterday'
};

// Every input form of types.md §6. Errors: 22007 `invalid input syntax for type date: "..."`,
// 22008 `date/time field value out of range: "..."`.
absl::StatusOr<int64_t> ParseDate(std::string_view text, const DateTimeContext& context);
absl::StatusOr<int64_t> ParseTime(std::string_view text, const DateTimeContext& context);
absl::StatusOr<int64_t> ParseTimeTz(std::string_view text, const DateTimeContext& context);
absl::StatusOr<int64_t> ParseTimestamp(std::string_view text, const DateTimeContext& context);
absl::StatusOr<int64_t> ParseTimestampTz(std::string_view text, const DateTimeContext& context);

std::string DateToString(int64_t days);         // 2024-01-31, 0044-03-15 BC
std::string TimeToString(int64_t micros);       // 04:05:06.789
std::string TimeTzToString(int64_t micros);     // 04:05:06+00
std::string TimestampToString(int64_t micros);  // 2024-01-31 04:05:06.5
std::string TimestampTzToString(int64_t micros, const absl::TimeZone& zone);  // ... +00

// A zone by name ("US/Pacific"), fixed abbreviation ("PST"), ISO offset ("-08:00") or POSIX string
// ("GMT+2": positive is west). 22023 when it is none of them.
absl::StatusOr<absl::TimeZone> FindTimeZone(std::string_view name);
// Local wall clock in `zone` -> UTC microseconds, and back.
int64_t LocalToUtc(int64_t local_micros, const absl::TimeZone& zone);
int64_t UtcToLocal(int64_t utc_micros, const absl::TimeZone& zone);

// An interval literal before it is a typed value. Source: types.md §7.
struct Interval {
  int64_t months = 0;
  int64_t micros = 0;
};
// `qualifier` is "" or e.g. "year", "day to second", "minute"; a bare number takes its unit from
// it.
absl::StatusOr<Interval> ParseInterval(std::string_view text, std::string_view qualifier);
std::string IntervalYearToMonthToString(int64_t months);  // 1 years 2 mons
std::string IntervalDayToSecondToString(int64_t micros);  // 1 days 2 hours 3 mins 4.56 secs

// What a cast to text gives, by the IntervalStyle parameter: "1 day 02:03:04.5678",
// "@ 1 day 2 hours 3 mins 4.56 secs", "1 2:03:04.5678".
enum class IntervalStyle { kPostgres, kPostgresVerbose, kSqlStandard };
std::string IntervalYearToMonthToText(int64_t months, IntervalStyle style);
std::string IntervalDayToSecondToText(int64_t micros, IntervalStyle style);

// Date parts with their synonyms (functions.md §5); nullopt for an unknown name.
enum class DatePart {
  kMillennium,
  kCentury,
  kDecade,
  kEpoch,
  kYear,
  kQuarter,
  kMonth,
  kWeek,
  kDayOfWeek,
  kDayOfYear,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
  kTimezone,
  kTimezoneHour,
  kTimezoneMinute,
};
std::optional<DatePart> ParseDatePart(std::string_view name);

}  // namespace vesto::types
