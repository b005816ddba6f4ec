#include "types/datetime.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::types {
namespace {

int64_t FloorDivide(int64_t value, int64_t divisor) {
  const int64_t quotient = value / divisor;
  return quotient - (value % divisor < 0 ? 1 : 0);
}

// Days of a civil date whose month is in 1..12; years are 64 bits so that sums cannot overflow.
int64_t DaysOf(int64_t year, int month, int64_t day) {
  // Years begin in March here, so that the leap day is the last of its year.
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era = FloorDivide(y, 400);
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

void AppendPadded(std::string* out, int64_t value, int width) {
  char buffer[24];
  char* const end = buffer + sizeof(buffer);
  char* begin = end;
  uint64_t rest = static_cast<uint64_t>(value);
  while (rest != 0 || end - begin < width) {
    *--begin = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  out->append(begin, static_cast<size_t>(end - begin));
}

// ".5", or nothing for whole seconds.
void AppendFraction(std::string* out, int64_t micros) {
  if (micros == 0) return;
  int width = 6;
  while (micros % 10 == 0) {
    micros /= 10;
    --width;
  }
  out->push_back('.');
  AppendPadded(out, micros, width);
}

void AppendTime(std::string* out, int64_t micros) {
  AppendPadded(out, micros / kMicrosPerHour, 2);
  out->push_back(':');
  AppendPadded(out, micros / kMicrosPerMinute % 60, 2);
  out->push_back(':');
  AppendPadded(out, micros / kMicrosPerSecond % 60, 2);
  AppendFraction(out, micros % kMicrosPerSecond);
}

// The date without its era; true when it is BC.
bool AppendDate(std::string* out, int64_t days) {
  const CivilDate date = CivilFromDays(days);
  AppendPadded(out, date.year > 0 ? date.year : 1 - int64_t{date.year}, 4);
  out->push_back('-');
  AppendPadded(out, date.month, 2);
  out->push_back('-');
  AppendPadded(out, date.day, 2);
  return date.year <= 0;
}

}  // namespace

CivilDate CivilFromDays(int64_t days) {
  const int64_t shifted = days + 719468;
  const int64_t era = FloorDivide(shifted, 146097);
  const int64_t day_of_era = shifted - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_index = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * month_index + 2) / 5 + 1);
  date.month = static_cast<int>(month_index + (month_index < 10 ? 3 : -9));
  date.year = static_cast<int>(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
  return date;
}

int64_t DaysFromCivil(int year, int month, int day) {
  // Months beyond the year roll over, as days beyond the month do.
  const int64_t months = int64_t{month} - 1;
  const int64_t carry = FloorDivide(months, 12);
  return DaysOf(year + carry, static_cast<int>(months - carry * 12) + 1, day);
}

bool IsLeapYear(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month == 2 && IsLeapYear(year)) return 29;
  return kDays[static_cast<size_t>(month - 1)];
}

int DayOfWeek(int64_t days) {
  const int64_t shifted = (days % 7) + 4;  // 1970-01-01 was a Thursday
  return static_cast<int>((shifted + 7) % 7);
}

int IsoWeek(int64_t days, int* iso_year) {
  // The week's Thursday decides the year.
  const int weekday = (DayOfWeek(days) + 6) % 7;  // 0 = Monday
  const int64_t thursday = days - weekday + 3;
  const int year = CivilFromDays(thursday).year;
  if (iso_year != nullptr) *iso_year = year;
  return static_cast<int>((thursday - DaysFromCivil(year, 1, 1)) / 7) + 1;
}

int64_t AddMonthsToDays(int64_t days, int64_t months) {
  const CivilDate date = CivilFromDays(days);
  // No count of months beyond the calendar's range changes the outcome, which is out of range.
  constexpr int64_t kMonthsMax = 12 * int64_t{1'000'000};
  const int64_t total =
      int64_t{date.year} * 12 + date.month - 1 + std::clamp(months, -kMonthsMax, kMonthsMax);
  const int64_t year = FloorDivide(total, 12);
  const int month = static_cast<int>(total - year * 12) + 1;
  return DaysOf(year, month, std::min(date.day, DaysInMonth(static_cast<int>(year), month)));
}

int64_t AddMonthsToTimestamp(int64_t micros, int64_t months) {
  const int64_t days = AddMonthsToDays(TimestampToDays(micros), months);
  int64_t result;
  if (__builtin_mul_overflow(days, kMicrosPerDay, &result) ||
      __builtin_add_overflow(result, MicrosOfDay(micros), &result)) {
    return days < 0 ? INT64_MIN : INT64_MAX;
  }
  return result;
}

int64_t TimestampToDays(int64_t micros) { return FloorDivide(micros, kMicrosPerDay); }

int64_t MicrosOfDay(int64_t micros) {
  const int64_t rest = micros % kMicrosPerDay;
  return rest < 0 ? rest + kMicrosPerDay : rest;
}

std::string DateToString(int64_t days) {
  std::string text;
  if (AppendDate(&text, days)) text += " BC";
  return text;
}

std::string TimeToString(int64_t micros) {
  std::string text;
  AppendTime(&text, micros);
  return text;
}

std::string TimeTzToString(int64_t micros) {
  std::string text;
  AppendTime(&text, micros);
  text += "+00";
  return text;
}

std::string TimestampToString(int64_t micros) {
  std::string text;
  const bool bc = AppendDate(&text, TimestampToDays(micros));
  text.push_back(' ');
  AppendTime(&text, MicrosOfDay(micros));
  if (bc) text += " BC";
  return text;
}

std::string TimestampTzToString(int64_t micros, const absl::TimeZone& zone) {
  const int64_t local = UtcToLocal(micros, zone);
  std::string text;
  const bool bc = AppendDate(&text, TimestampToDays(local));
  text.push_back(' ');
  AppendTime(&text, MicrosOfDay(local));
  const int64_t offset = (local - micros) / kMicrosPerSecond;
  text.push_back(offset < 0 ? '-' : '+');
  const int64_t minutes = std::abs(offset) / 60;
  AppendPadded(&text, minutes / 60, 2);
  if (minutes % 60 != 0) {
    text.push_back(':');
    AppendPadded(&text, minutes % 60, 2);
  }
  if (bc) text += " BC";
  return text;
}

std::optional<DatePart> ParseDatePart(std::string_view name) {
  struct Spelling {
    std::string_view name;
    DatePart part;
  };
  static constexpr Spelling kSpellings[] = {
      {"millennium", DatePart::kMillennium},
      {"millennia", DatePart::kMillennium},
      {"mil", DatePart::kMillennium},
      {"mils", DatePart::kMillennium},
      {"century", DatePart::kCentury},
      {"centuries", DatePart::kCentury},
      {"c", DatePart::kCentury},
      {"cent", DatePart::kCentury},
      {"cents", DatePart::kCentury},
      {"decade", DatePart::kDecade},
      {"decades", DatePart::kDecade},
      {"dec", DatePart::kDecade},
      {"decs", DatePart::kDecade},
      {"epoch", DatePart::kEpoch},
      {"year", DatePart::kYear},
      {"years", DatePart::kYear},
      {"y", DatePart::kYear},
      {"yr", DatePart::kYear},
      {"yrs", DatePart::kYear},
      {"quarter", DatePart::kQuarter},
      {"quarters", DatePart::kQuarter},
      {"qtr", DatePart::kQuarter},
      {"qtrs", DatePart::kQuarter},
      {"month", DatePart::kMonth},
      {"months", DatePart::kMonth},
      {"mon", DatePart::kMonth},
      {"mons", DatePart::kMonth},
      {"week", DatePart::kWeek},
      {"weeks", DatePart::kWeek},
      {"w", DatePart::kWeek},
      {"dayofweek", DatePart::kDayOfWeek},
      {"dow", DatePart::kDayOfWeek},
      {"dw", DatePart::kDayOfWeek},
      {"weekday", DatePart::kDayOfWeek},
      {"dayofyear", DatePart::kDayOfYear},
      {"doy", DatePart::kDayOfYear},
      {"dy", DatePart::kDayOfYear},
      {"yearday", DatePart::kDayOfYear},
      {"day", DatePart::kDay},
      {"days", DatePart::kDay},
      {"d", DatePart::kDay},
      {"hour", DatePart::kHour},
      {"hours", DatePart::kHour},
      {"h", DatePart::kHour},
      {"hr", DatePart::kHour},
      {"hrs", DatePart::kHour},
      {"minute", DatePart::kMinute},
      {"minutes", DatePart::kMinute},
      {"m", DatePart::kMinute},
      {"min", DatePart::kMinute},
      {"mins", DatePart::kMinute},
      {"second", DatePart::kSecond},
      {"seconds", DatePart::kSecond},
      {"s", DatePart::kSecond},
      {"sec", DatePart::kSecond},
      {"secs", DatePart::kSecond},
      {"millisecond", DatePart::kMillisecond},
      {"milliseconds", DatePart::kMillisecond},
      {"ms", DatePart::kMillisecond},
      {"msec", DatePart::kMillisecond},
      {"msecs", DatePart::kMillisecond},
      {"msecond", DatePart::kMillisecond},
      {"mseconds", DatePart::kMillisecond},
      {"millisec", DatePart::kMillisecond},
      {"millisecs", DatePart::kMillisecond},
      {"millisecon", DatePart::kMillisecond},
      {"microsecond", DatePart::kMicrosecond},
      {"microseconds", DatePart::kMicrosecond},
      {"microsec", DatePart::kMicrosecond},
      {"microsecs", DatePart::kMicrosecond},
      {"usecond", DatePart::kMicrosecond},
      {"useconds", DatePart::kMicrosecond},
      {"us", DatePart::kMicrosecond},
      {"usec", DatePart::kMicrosecond},
      {"usecs", DatePart::kMicrosecond},
      {"timezone", DatePart::kTimezone},
      {"timezone_hour", DatePart::kTimezoneHour},
      {"timezone_minute", DatePart::kTimezoneMinute},
  };
  const std::string lower = absl::AsciiStrToLower(sv(name));
  for (const Spelling& spelling : kSpellings) {
    if (spelling.name == lower) return spelling.part;
  }
  return std::nullopt;
}

}  // namespace vesto::types
