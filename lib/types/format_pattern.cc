#include "types/format_pattern.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/zone_abbreviation.h"

namespace vesto::types {
namespace {

constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDayNames = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kRomanMonths = {"I",   "II",   "III", "IV", "V",  "VI",
                                                           "VII", "VIII", "IX",  "X",  "XI", "XII"};
constexpr size_t kNameWidth = 9;  // of "Wednesday" and "September"

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }
char Lower(char c) { return absl::ascii_tolower(static_cast<unsigned char>(c)); }

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}
bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (size_t i = 0; i < prefix.size(); ++i) {
    if (Lower(text[i]) != Lower(prefix[i])) return false;
  }
  return true;
}

// "st", "nd", "rd" or "th" for the number that `digits` ends.
std::string_view OrdinalSuffix(std::string_view digits) {
  const size_t n = digits.size();
  if (n >= 2 && digits[n - 2] == '1') return "th";
  switch (n == 0 ? '0' : digits[n - 1]) {
    case '1':
      return "st";
    case '2':
      return "nd";
    case '3':
      return "rd";
    default:
      return "th";
  }
}

}  // namespace

// --- Dates and times
// ------------------------------------------------------------------------------

struct DateTimePattern::Moment {
  int64_t days = 0;
  int64_t micros = 0;
  CivilDate date;
  bool has_zone = false;
  int offset_seconds = 0;
  std::string zone_name;
};

int64_t DateTimePattern::Parsed::timestamp() const { return days * kMicrosPerDay + micros; }

const DateTimePattern::Keyword* DateTimePattern::FindKeyword(std::string_view at) {
  using enum Field;
  using enum Case;
  // The longest keyword first where one begins another.
  static constexpr Keyword kKeywords[] = {
      {"A.D.", kEraDots, kUpper},
      {"a.d.", kEraDots, kLower},
      {"B.C.", kEraDots, kUpper},
      {"b.c.", kEraDots, kLower},
      {"A.M.", kMeridiemDots, kUpper},
      {"a.m.", kMeridiemDots, kLower},
      {"P.M.", kMeridiemDots, kUpper},
      {"p.m.", kMeridiemDots, kLower},
      {"AD", kEra, kUpper},
      {"ad", kEra, kLower},
      {"BC", kEra, kUpper},
      {"bc", kEra, kLower},
      {"AM", kMeridiem, kUpper},
      {"am", kMeridiem, kLower},
      {"PM", kMeridiem, kUpper},
      {"pm", kMeridiem, kLower},
      {"CC", kCentury, kUpper},
      {"cc", kCentury, kUpper},
      {"DAY", kDayName, kUpper},
      {"Day", kDayName, kTitle},
      {"day", kDayName, kLower},
      {"DDD", kDayOfYear, kUpper},
      {"ddd", kDayOfYear, kUpper},
      {"DD", kDay, kUpper},
      {"dd", kDay, kUpper},
      {"DY", kDayShort, kUpper},
      {"Dy", kDayShort, kTitle},
      {"dy", kDayShort, kLower},
      {"D", kDayOfWeek, kUpper},
      {"d", kDayOfWeek, kUpper},
      {"HH24", kHour24, kUpper},
      {"hh24", kHour24, kUpper},
      {"HH12", kHour12, kUpper},
      {"hh12", kHour12, kUpper},
      {"HH", kHour12, kUpper},
      {"hh", kHour12, kUpper},
      {"IDDD", kIsoDayOfYear, kUpper},
      {"iddd", kIsoDayOfYear, kUpper},
      {"ID", kIsoDayOfWeek, kUpper},
      {"id", kIsoDayOfWeek, kUpper},
      {"IW", kIsoWeek, kUpper},
      {"iw", kIsoWeek, kUpper},
      {"IYYY", kIsoYear, kUpper},
      {"iyyy", kIsoYear, kUpper},
      {"IYY", kIsoYear3, kUpper},
      {"iyy", kIsoYear3, kUpper},
      {"IY", kIsoYear2, kUpper},
      {"iy", kIsoYear2, kUpper},
      {"I", kIsoYear1, kUpper},
      {"i", kIsoYear1, kUpper},
      {"J", kJulian, kUpper},
      {"j", kJulian, kUpper},
      {"MI", kMinute, kUpper},
      {"mi", kMinute, kUpper},
      {"MM", kMonth, kUpper},
      {"mm", kMonth, kUpper},
      {"MONTH", kMonthName, kUpper},
      {"Month", kMonthName, kTitle},
      {"month", kMonthName, kLower},
      {"MON", kMonthShort, kUpper},
      {"Mon", kMonthShort, kTitle},
      {"mon", kMonthShort, kLower},
      {"MS", kMillisecond, kUpper},
      {"ms", kMillisecond, kUpper},
      {"OF", kZoneOffset, kUpper},
      {"of", kZoneOffset, kUpper},
      {"Q", kQuarter, kUpper},
      {"q", kQuarter, kUpper},
      {"RM", kMonthRoman, kUpper},
      {"rm", kMonthRoman, kLower},
      {"SSSS", kSecondsOfDay, kUpper},
      {"ssss", kSecondsOfDay, kUpper},
      {"SS", kSecond, kUpper},
      {"ss", kSecond, kUpper},
      {"TZ", kZoneName, kUpper},
      {"tz", kZoneName, kLower},
      {"US", kMicrosecond, kUpper},
      {"us", kMicrosecond, kUpper},
      {"WW", kWeekOfYear, kUpper},
      {"ww", kWeekOfYear, kUpper},
      {"W", kWeekOfMonth, kUpper},
      {"w", kWeekOfMonth, kUpper},
      {"Y,YYY", kYearComma, kUpper},
      {"y,yyy", kYearComma, kUpper},
      {"YYYY", kYear, kUpper},
      {"yyyy", kYear, kUpper},
      {"YYY", kYear3, kUpper},
      {"yyy", kYear3, kUpper},
      {"YY", kYear2, kUpper},
      {"yy", kYear2, kUpper},
      {"Y", kYear1, kUpper},
      {"y", kYear1, kUpper},
  };
  for (const Keyword& keyword : kKeywords) {
    if (StartsWith(at, keyword.text)) return &keyword;
  }
  return nullptr;
}

int DateTimePattern::MaxDigits(Field field) {
  switch (field) {
    case Field::kYear1:
    case Field::kIsoYear1:
    case Field::kQuarter:
    case Field::kWeekOfMonth:
    case Field::kDayOfWeek:
    case Field::kIsoDayOfWeek:
      return 1;
    case Field::kYear2:
    case Field::kIsoYear2:
    case Field::kCentury:
    case Field::kMonth:
    case Field::kDay:
    case Field::kHour24:
    case Field::kHour12:
    case Field::kMinute:
    case Field::kSecond:
    case Field::kWeekOfYear:
    case Field::kIsoWeek:
      return 2;
    case Field::kYear3:
    case Field::kIsoYear3:
    case Field::kDayOfYear:
    case Field::kIsoDayOfYear:
    case Field::kMillisecond:
      return 3;
    case Field::kYear:
    case Field::kIsoYear:
      return 4;
    case Field::kSecondsOfDay:
      return 5;
    case Field::kMicrosecond:
      return 6;
    case Field::kJulian:
      return 8;
    default:
      return 0;
  }
}

absl::StatusOr<DateTimePattern> DateTimePattern::Compile(std::string_view pattern) {
  DateTimePattern result;
  size_t i = 0;
  const auto add_literal = [&](std::string_view text, bool quoted) {
    if (!result.elements_.empty() && result.elements_.back().field == Field::kLiteral &&
        result.elements_.back().quoted == quoted) {
      result.elements_.back().literal += text;
      return;
    }
    Element element;
    element.quoted = quoted;
    element.literal = std::string(text);
    result.elements_.push_back(std::move(element));
  };
  while (i < pattern.size()) {
    if (pattern[i] == '"') {
      ++i;
      std::string literal;
      while (i < pattern.size() && pattern[i] != '"') {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
        literal.push_back(pattern[i++]);
      }
      if (i < pattern.size()) ++i;
      if (!literal.empty()) add_literal(literal, true);
      continue;
    }
    bool unpadded = false;
    size_t at = i;
    // FX asks for exact blanks when reading; there are no other blanks to skip here.
    while (true) {
      const std::string_view rest = pattern.substr(at);
      if (StartsWith(rest, "FM") || StartsWith(rest, "fm")) {
        unpadded = true;
        at += 2;
      } else if (StartsWith(rest, "FX") || StartsWith(rest, "fx")) {
        at += 2;
      } else {
        break;
      }
    }
    const Keyword* keyword = FindKeyword(pattern.substr(at));
    if (keyword == nullptr) {
      if (at > i) {
        i = at;  // a prefix of nothing
        continue;
      }
      add_literal(pattern.substr(i, 1), false);
      ++i;
      continue;
    }
    Element element;
    element.field = keyword->field;
    element.letters = keyword->letters;
    element.unpadded = unpadded;
    i = at + keyword->text.size();
    const std::string_view rest = pattern.substr(i);
    if (StartsWith(rest, "TH")) {
      element.ordinal = Ordinal::kUpper;
      i += 2;
    } else if (StartsWith(rest, "th")) {
      element.ordinal = Ordinal::kLower;
      i += 2;
    }
    result.elements_.push_back(std::move(element));
  }
  return result;
}

bool DateTimePattern::has_zone() const {
  return std::any_of(elements_.begin(), elements_.end(), [](const Element& element) {
    return element.field == Field::kZoneName || element.field == Field::kZoneOffset;
  });
}

std::string DateTimePattern::Format(int64_t micros) const {
  Moment moment;
  moment.days = TimestampToDays(micros);
  moment.micros = MicrosOfDay(micros);
  moment.date = CivilFromDays(moment.days);
  return FormatMoment(moment);
}

std::string DateTimePattern::FormatInZone(int64_t utc_micros, const absl::TimeZone& zone) const {
  const int64_t local = UtcToLocal(utc_micros, zone);
  Moment moment;
  moment.days = TimestampToDays(local);
  moment.micros = MicrosOfDay(local);
  moment.date = CivilFromDays(moment.days);
  moment.has_zone = true;
  moment.offset_seconds = static_cast<int>((local - utc_micros) / kMicrosPerSecond);
  if (has_zone()) moment.zone_name = zone.At(absl::FromUnixMicros(utc_micros)).zone_abbr;
  return FormatMoment(moment);
}

std::string DateTimePattern::FormatMoment(const Moment& moment) const {
  const int64_t year = moment.date.year;
  const int64_t shown_year = year > 0 ? year : 1 - year;  // BC counts backwards from 1
  const int64_t hour = moment.micros / kMicrosPerHour;
  const auto iso_year = [&] {
    int result = 0;
    IsoWeek(moment.days, &result);
    return int64_t{result > 0 ? result : 1 - result};
  };
  const auto day_of_year = [&] { return moment.days - DaysFromCivil(moment.date.year, 1, 1) + 1; };
  std::string out;
  for (const Element& element : elements_) {
    const size_t start = out.size();
    const auto number = [&](int64_t value, int width) {
      std::string digits = absl::StrCat(value);
      if (!element.unpadded && digits.size() < static_cast<size_t>(width)) {
        digits.insert(0, static_cast<size_t>(width) - digits.size(), '0');
      }
      out += digits;
    };
    const auto name = [&](std::string_view word, size_t width) {
      std::string text(word);
      if (element.letters == Case::kUpper) absl::AsciiStrToUpper(&text);
      if (element.letters == Case::kLower) absl::AsciiStrToLower(&text);
      if (!element.unpadded && text.size() < width) text.resize(width, ' ');
      out += text;
    };
    switch (element.field) {
      case Field::kLiteral:
        out += element.literal;
        break;
      case Field::kEra:
        name(year > 0 ? "AD" : "BC", 0);
        break;
      case Field::kEraDots:
        name(year > 0 ? "A.D." : "B.C.", 0);
        break;
      case Field::kCentury:
        number((shown_year + 99) / 100, 2);
        break;
      case Field::kYear:
        number(shown_year, 4);
        break;
      case Field::kYear3:
        number(shown_year % 1000, 3);
        break;
      case Field::kYear2:
        number(shown_year % 100, 2);
        break;
      case Field::kYear1:
        number(shown_year % 10, 1);
        break;
      case Field::kYearComma: {
        const std::string rest = absl::StrCat(absl::Dec(shown_year % 1000, absl::kZeroPad3));
        absl::StrAppend(&out, shown_year / 1000, ",", rest);
        break;
      }
      case Field::kIsoYear:
        number(iso_year(), 4);
        break;
      case Field::kIsoYear3:
        number(iso_year() % 1000, 3);
        break;
      case Field::kIsoYear2:
        number(iso_year() % 100, 2);
        break;
      case Field::kIsoYear1:
        number(iso_year() % 10, 1);
        break;
      case Field::kQuarter:
        number((moment.date.month - 1) / 3 + 1, 1);
        break;
      case Field::kMonthName:
        name(kMonthNames[static_cast<size_t>(moment.date.month - 1)], kNameWidth);
        break;
      case Field::kMonthShort:
        name(kMonthNames[static_cast<size_t>(moment.date.month - 1)].substr(0, 3), 0);
        break;
      case Field::kMonth:
        number(moment.date.month, 2);
        break;
      case Field::kMonthRoman:
        name(kRomanMonths[static_cast<size_t>(moment.date.month - 1)], 4);
        break;
      case Field::kWeekOfMonth:
        number((moment.date.day - 1) / 7 + 1, 1);
        break;
      case Field::kWeekOfYear:
        number((day_of_year() - 1) / 7 + 1, 2);
        break;
      case Field::kIsoWeek:
        number(IsoWeek(moment.days), 2);
        break;
      case Field::kDayName:
        name(kDayNames[static_cast<size_t>(DayOfWeek(moment.days))], kNameWidth);
        break;
      case Field::kDayShort:
        name(kDayNames[static_cast<size_t>(DayOfWeek(moment.days))].substr(0, 3), 0);
        break;
      case Field::kDayOfYear:
        number(day_of_year(), 3);
        break;
      case Field::kIsoDayOfYear:
        number((IsoWeek(moment.days) - 1) * 7 + (DayOfWeek(moment.days) + 6) % 7 + 1, 3);
        break;
      case Field::kDay:
        number(moment.date.day, 2);
        break;
      case Field::kDayOfWeek:
        number(DayOfWeek(moment.days) + 1, 1);
        break;
      case Field::kIsoDayOfWeek:
        number((DayOfWeek(moment.days) + 6) % 7 + 1, 1);
        break;
      case Field::kJulian:
        number(moment.days + 2440588, 0);
        break;
      case Field::kHour24:
        number(hour, 2);
        break;
      case Field::kHour12:
        number(hour % 12 == 0 ? 12 : hour % 12, 2);
        break;
      case Field::kMinute:
        number(moment.micros / kMicrosPerMinute % 60, 2);
        break;
      case Field::kSecond:
        number(moment.micros / kMicrosPerSecond % 60, 2);
        break;
      case Field::kMillisecond:
        number(moment.micros / 1000 % 1000, 3);
        break;
      case Field::kMicrosecond:
        number(moment.micros % kMicrosPerSecond, 6);
        break;
      case Field::kSecondsOfDay:
        number(moment.micros / kMicrosPerSecond, 0);
        break;
      case Field::kMeridiem:
        name(hour % 24 < 12 ? "AM" : "PM", 0);
        break;
      case Field::kMeridiemDots:
        name(hour % 24 < 12 ? "A.M." : "P.M.", 0);
        break;
      case Field::kZoneName:
        if (moment.has_zone) name(moment.zone_name, 0);
        break;
      case Field::kZoneOffset: {
        const int minutes = std::abs(moment.offset_seconds) / 60;
        out.push_back(moment.offset_seconds < 0 ? '-' : '+');
        absl::StrAppend(&out, absl::Dec(minutes / 60, absl::kZeroPad2));
        if (minutes % 60 != 0) {
          absl::StrAppend(&out, ":", absl::Dec(minutes % 60, absl::kZeroPad2));
        }
        break;
      }
    }
    if (element.ordinal != Ordinal::kNone && out.size() > start && IsDigit(out.back())) {
      std::string suffix(OrdinalSuffix(std::string_view(out).substr(start)));
      if (element.ordinal == Ordinal::kUpper) absl::AsciiStrToUpper(&suffix);
      out += suffix;
    }
  }
  return out;
}

absl::StatusOr<DateTimePattern::Parsed> DateTimePattern::Parse(std::string_view text,
                                                               bool strict) const {
  // Absent fields are -1, but for those that may be negative or zero by themselves.
  int64_t year = -1, iso_year = -1, month = -1, day = -1, day_of_year = -1, century = -1;
  int64_t week = -1, week_of_month = -1, iso_week = -1, weekday = -1;
  int64_t hour = 0, minute = 0, second = 0, micros = 0;
  std::optional<int64_t> julian, seconds_of_day;
  std::optional<bool> pm;
  bool bc = false, hour12 = false;
  Parsed parsed;

  const auto mismatch = [&]() -> absl::Status {
    return SqlError(SqlState::kInvalidDatetimeFormat,
                    absl::StrCat("\"", sv(text), "\" does not follow the date/time pattern"));
  };
  size_t at = 0;
  for (size_t e = 0; e < elements_.size(); ++e) {
    const Element& element = elements_[e];
    if (element.field == Field::kLiteral) {
      // A character of the pattern stands for any one of the text; a blank for any number.
      for (const char c : element.literal) {
        if (IsBlank(c)) {
          while (at < text.size() && IsBlank(text[at])) ++at;
        } else if (at < text.size() && (!IsDigit(text[at]) || text[at] == c)) {
          ++at;
        }
      }
      continue;
    }
    while (at < text.size() && IsBlank(text[at])) ++at;
    if (at >= text.size()) break;  // what is missing at the end has its default
    const std::string_view rest = text.substr(at);

    // Numbers: as many digits as the field has, or all of them where no digits follow it.
    int64_t value = 0;
    size_t digits = 0;
    if (const int max_digits = MaxDigits(element.field); max_digits > 0) {
      size_t limit = static_cast<size_t>(max_digits);
      const bool year_field = element.field == Field::kYear || element.field == Field::kIsoYear;
      if (year_field && (e + 1 == elements_.size() || elements_[e + 1].field == Field::kLiteral)) {
        limit = 6;
      }
      while (digits < rest.size() && digits < limit && IsDigit(rest[digits])) {
        value = value * 10 + (rest[digits] - '0');
        ++digits;
      }
      if (digits == 0) return mismatch();
      at += digits;
      if (element.ordinal != Ordinal::kNone && at + 2 <= text.size() && !IsDigit(text[at])) {
        at += 2;
      }
    }
    switch (element.field) {
      case Field::kLiteral:
        break;
      case Field::kYear:
        year = value;
        break;
      case Field::kYear3:
        year = value + (digits < 3 ? (value < 70 ? 2000 : 1900) : value >= 100 ? 1000 : 2000);
        break;
      case Field::kYear2:
        year = value + (value < 70 ? 2000 : 1900);
        break;
      case Field::kYear1:
        year = value + 2000;
        break;
      case Field::kYearComma: {
        size_t i = 0;
        int64_t thousands = 0, units = 0;
        while (i < rest.size() && i < 3 && IsDigit(rest[i])) {
          thousands = thousands * 10 + (rest[i++] - '0');
        }
        if (i == 0 || i >= rest.size() || rest[i] != ',') return mismatch();
        const size_t units_at = ++i;
        while (i < rest.size() && i < units_at + 3 && IsDigit(rest[i])) {
          units = units * 10 + (rest[i++] - '0');
        }
        if (i == units_at) return mismatch();
        year = thousands * 1000 + units;
        at += i;
        break;
      }
      case Field::kIsoYear:
        iso_year = value;
        break;
      case Field::kIsoYear3:
      case Field::kIsoYear2:
        iso_year = value + (digits <= 2 && value >= 70 ? 1900 : 2000);
        break;
      case Field::kIsoYear1:
        iso_year = value + 2000;
        break;
      case Field::kCentury:
        century = value;
        break;
      case Field::kQuarter:
        break;  // says nothing that the month does not say
      case Field::kMonth:
        month = value;
        break;
      case Field::kMonthName:
      case Field::kMonthShort: {
        month = -1;
        for (size_t m = 0; m < kMonthNames.size(); ++m) {
          const std::string_view full = kMonthNames[m];
          if (element.field == Field::kMonthName && StartsWithIgnoreCase(rest, full)) {
            month = static_cast<int64_t>(m) + 1;
            at += full.size();
            break;
          }
          if (StartsWithIgnoreCase(rest, full.substr(0, 3))) {
            month = static_cast<int64_t>(m) + 1;
            at += 3;
            break;
          }
        }
        if (month < 0) return mismatch();
        break;
      }
      case Field::kMonthRoman: {
        size_t best = 0;
        for (size_t m = 0; m < kRomanMonths.size(); ++m) {
          if (kRomanMonths[m].size() > best && StartsWithIgnoreCase(rest, kRomanMonths[m])) {
            best = kRomanMonths[m].size();
            month = static_cast<int64_t>(m) + 1;
          }
        }
        if (best == 0) return mismatch();
        at += best;
        break;
      }
      case Field::kWeekOfMonth:
        week_of_month = value;
        break;
      case Field::kWeekOfYear:
        week = value;
        break;
      case Field::kIsoWeek:
        iso_week = value;
        break;
      case Field::kDayName:
      case Field::kDayShort: {
        bool found = false;
        for (const std::string_view full : kDayNames) {
          const bool whole = element.field == Field::kDayName && StartsWithIgnoreCase(rest, full);
          if (!whole && !StartsWithIgnoreCase(rest, full.substr(0, 3))) continue;
          at += whole ? full.size() : 3;
          found = true;
          break;
        }
        if (!found) return mismatch();
        break;
      }
      case Field::kDayOfYear:
      case Field::kIsoDayOfYear:
        day_of_year = value;
        break;
      case Field::kDay:
        day = value;
        break;
      case Field::kDayOfWeek:
        break;
      case Field::kIsoDayOfWeek:
        weekday = value;
        break;
      case Field::kJulian:
        julian = value;
        break;
      case Field::kHour24:
        hour = value;
        hour12 = false;
        break;
      case Field::kHour12:
        hour = value;
        hour12 = true;
        break;
      case Field::kMinute:
        minute = value;
        break;
      case Field::kSecond:
        second = value;
        break;
      case Field::kMillisecond:
      case Field::kMicrosecond: {
        // The digits of a fraction: .5 is 500 milliseconds.
        for (size_t i = digits; i < 6; ++i) value *= 10;
        micros = value;
        // Further digits than the pattern asks for are dropped.
        const bool number_follows =
            e + 1 < elements_.size() && MaxDigits(elements_[e + 1].field) > 0;
        while (!number_follows && at < text.size() && IsDigit(text[at])) ++at;
        break;
      }
      case Field::kSecondsOfDay:
        seconds_of_day = value;
        break;
      case Field::kMeridiem:
      case Field::kMeridiemDots: {
        const char first = Lower(rest[0]);
        if (first != 'a' && first != 'p') return mismatch();
        const bool dots = rest.size() > 1 && rest[1] == '.';
        const size_t length = dots ? 4 : 2;
        if (rest.size() < length - (dots ? 1 : 0) || Lower(rest[dots ? 2 : 1]) != 'm') {
          return mismatch();
        }
        pm = first == 'p';
        at += std::min(length, rest.size());
        break;
      }
      case Field::kEra:
      case Field::kEraDots: {
        const char first = Lower(rest[0]);
        if (first != 'a' && first != 'b') return mismatch();
        bc = first == 'b';
        at += std::min<size_t>(rest.size() > 1 && rest[1] == '.' ? 4 : 2, rest.size());
        break;
      }
      case Field::kZoneName:
      case Field::kZoneOffset: {
        size_t end = 0;
        while (end < rest.size() && !IsBlank(rest[end])) ++end;
        const std::string_view zone = rest.substr(0, end);
        std::optional<int> seconds = ParseZoneOffset(zone);
        if (!seconds.has_value()) seconds = ZoneAbbreviationSeconds(zone);
        if (!seconds.has_value()) return mismatch();
        parsed.has_offset = true;
        parsed.offset_seconds = *seconds;
        at += end;
        break;
      }
    }
  }
  if (strict) {
    while (at < text.size() && IsBlank(text[at])) ++at;
    if (at < text.size()) return mismatch();
  }

  if (pm.has_value()) {
    if (hour12 && (hour < 1 || hour > 12) && strict) {
      return SqlError(SqlState::kInvalidDatetimeFormat, "AM/PM hour must be between 1 and 12");
    }
    if (*pm && hour < 12) hour += 12;
    if (!*pm && hour == 12) hour = 0;
  }
  if (seconds_of_day.has_value()) {
    hour = *seconds_of_day / 3600;
    minute = *seconds_of_day / 60 % 60;
    second = *seconds_of_day % 60;
  }
  if (strict && (hour > 23 || minute > 59 || second > 59)) {
    return SqlError(SqlState::kDatetimeFieldOverflow,
                    absl::StrCat("date/time field time value out of range: ", hour, ":", minute,
                                 ":", second, ".", micros));
  }
  parsed.micros =
      hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond + micros;

  if (century >= 0) {
    if (year < 0) {
      year = (century - 1) * 100 + 1;
    } else if (year < 100) {
      year += (century - 1) * 100;
    }
  }
  const auto out_of_range = [&](int64_t y, int64_t m, int64_t d) -> absl::Status {
    return SqlError(SqlState::kDatetimeFieldOverflow,
                    absl::StrCat("date/time field date value out of range: ", y, "-", m, "-", d));
  };
  if (julian.has_value()) {
    parsed.days = *julian - 2440588;
  } else if (iso_week > 0 || (iso_year >= 0 && day_of_year > 0)) {
    const int y = static_cast<int>(iso_year >= 0 ? iso_year : year >= 0 ? year : 1);
    // The Monday of week 1 is that of January 4th.
    const int64_t fourth = DaysFromCivil(y, 1, 4);
    const int64_t monday = fourth - (DayOfWeek(fourth) + 6) % 7;
    parsed.days = day_of_year > 0 ? monday + day_of_year - 1
                                  : monday + (iso_week - 1) * 7 + (weekday > 0 ? weekday - 1 : 0);
  } else {
    if (year < 0 && iso_year >= 0) year = iso_year;
    int64_t y = year < 0 ? 1 : year;
    if (bc) y = 1 - y;
    if (day_of_year >= 0 && month < 0) {
      if (strict &&
          (day_of_year < 1 || day_of_year > (IsLeapYear(static_cast<int>(y)) ? 366 : 365))) {
        return out_of_range(y, 1, day_of_year);
      }
      parsed.days = DaysFromCivil(static_cast<int>(y), 1, 1) + day_of_year - 1;
    } else if (week > 0 && month < 0) {
      parsed.days = DaysFromCivil(static_cast<int>(y), 1, 1) + (week - 1) * 7;
    } else {
      if (day < 0 && week_of_month > 0) day = (week_of_month - 1) * 7 + 1;
      const int64_t m = month < 0 ? 1 : month;
      const int64_t d = day < 0 ? 1 : day;
      if (strict && (y == 0 || m < 1 || m > 12 || d < 1 ||
                     d > DaysInMonth(static_cast<int>(y), static_cast<int>(m)))) {
        return out_of_range(y, m, d);
      }
      // Months and days beyond their range roll over.
      parsed.days = DaysFromCivil(static_cast<int>(y), static_cast<int>(m), static_cast<int>(d));
    }
  }
  parsed.days += TimestampToDays(parsed.micros);
  parsed.micros = MicrosOfDay(parsed.micros);
  return parsed;
}

// --- Numbers
// --------------------------------------------------------------------------------------

absl::StatusOr<NumericPattern> NumericPattern::Compile(std::string_view pattern) {
  NumericPattern result;
  bool after_point = false, after_shift = false, brackets = false, pattern_sign = false;
  bool explicit_sign = false, sign_last = false;
  const auto conflict = [](std::string_view what) -> absl::Status {
    return SqlError(SqlState::kSyntaxError, std::string(what));
  };
  const auto add = [&](Kind kind) { result.elements_.push_back({kind}); };
  size_t i = 0;
  while (i < pattern.size()) {
    const std::string_view rest = pattern.substr(i);
    if (pattern[i] == '"') {
      for (++i; i < pattern.size() && pattern[i] != '"'; ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
        result.elements_.push_back({Kind::kLiteral, pattern[i]});
      }
      ++i;
      continue;
    }
    if (StartsWithIgnoreCase(rest, "FM")) {
      result.unpadded_ = true;
      i += 2;
    } else if (StartsWithIgnoreCase(rest, "PR")) {
      if (pattern_sign || explicit_sign) return conflict("\"PR\" cannot be used with other signs");
      brackets = true;
      i += 2;
    } else if (StartsWithIgnoreCase(rest, "MI")) {
      if (pattern_sign || brackets) return conflict("\"MI\" cannot be used with \"S\" or \"PR\"");
      explicit_sign = true;
      add(Kind::kMinus);
      i += 2;
    } else if (StartsWithIgnoreCase(rest, "PL")) {
      if (pattern_sign) return conflict("\"PL\" cannot be used with \"S\"");
      add(Kind::kPlus);
      i += 2;
    } else if (StartsWithIgnoreCase(rest, "SG")) {
      if (pattern_sign || brackets) return conflict("\"SG\" cannot be used with \"S\" or \"PR\"");
      explicit_sign = true;
      add(Kind::kPlusMinus);
      i += 2;
    } else if (StartsWithIgnoreCase(rest, "RN")) {
      result.roman_ = true;
      result.roman_lower_ = pattern[i] == 'r';
      i += 2;
    } else if (StartsWithIgnoreCase(rest, "TH")) {
      add(pattern[i] == 'T' ? Kind::kOrdinalUpper : Kind::kOrdinalLower);
      i += 2;
    } else if (StartsWithIgnoreCase(rest, "EEEE")) {
      return NotSupported("\"EEEE\" in a number pattern");
    } else {
      switch (pattern[i]) {
        case '9':
        case '0': {
          const bool zero = pattern[i] == '0';
          if (after_shift) {
            ++result.shift_digits_;
          } else if (after_point) {
            if (zero) result.last_zero_ = result.fraction_digits_;
            ++result.fraction_digits_;
          } else {
            if (zero && result.first_zero_ < 0) result.first_zero_ = result.whole_digits_;
            ++result.whole_digits_;
          }
          add(zero ? Kind::kZero : Kind::kNine);
          break;
        }
        case '.':
        case 'D':
        case 'd':
          if (after_point) return conflict("multiple decimal points");
          if (after_shift) return conflict("\"V\" cannot be used with a decimal point");
          after_point = true;
          result.has_point_ = true;
          add(Kind::kPoint);
          break;
        case ',':
        case 'G':
        case 'g':
          add(Kind::kGroup);
          break;
        case 'S':
        case 's':
          if (pattern_sign) return conflict("cannot use \"S\" twice");
          if (explicit_sign || brackets) {
            return conflict("cannot use \"S\" and \"MI\"/\"SG\"/\"PR\" together");
          }
          pattern_sign = true;
          sign_last = result.whole_digits_ + result.fraction_digits_ > 0;
          add(Kind::kSign);
          break;
        case 'L':
        case 'l':
        case '$':
          add(Kind::kCurrency);
          break;
        case 'V':
        case 'v':
          if (after_point) return conflict("\"V\" cannot be used with a decimal point");
          after_shift = true;
          add(Kind::kShift);
          break;
        default:
          result.elements_.push_back({Kind::kLiteral, pattern[i]});
      }
      ++i;
    }
  }
  // Digits behind V are digits before the point, of a number that is multiplied.
  result.whole_digits_ += result.shift_digits_;
  if (brackets) {
    result.sign_ = SignStyle::kBrackets;
  } else if (pattern_sign) {
    result.sign_ = sign_last ? SignStyle::kPatternLast : SignStyle::kPatternFirst;
  } else if (explicit_sign) {
    result.sign_ = SignStyle::kExplicit;
  }
  if (result.precision() > 1000) return conflict("the number pattern is too long");
  return result;
}

std::string NumericPattern::Format(int128_t unscaled, int scale) const {
  const int target = roman_ ? 0 : fraction_digits_ + shift_digits_;
  // Beyond 128 bits only zeros follow: they are written behind the digits below.
  std::string zeros;
  std::optional<int128_t> value = Rescale(unscaled, scale, target, Rounding::kHalfAwayFromZero);
  int reached = target;
  while (!value.has_value()) {
    --reached;
    zeros.push_back('0');
    value = Rescale(unscaled, scale, reached, Rounding::kHalfAwayFromZero);
  }
  std::string digits = DecimalToString(*value, 0);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  digits += zeros;
  if (roman_) return FormatRoman(negative, digits);
  const size_t fraction = static_cast<size_t>(fraction_digits_);
  if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
  const std::string_view all = digits;
  return FormatDigits(negative, all.substr(0, all.size() - fraction),
                      all.substr(all.size() - fraction));
}

std::string NumericPattern::Format(double value) const {
  if (!std::isfinite(value)) {
    // As an overflow: every digit is a #.
    return FormatDigits(value < 0, std::string(static_cast<size_t>(whole_digits_) + 1, '9'),
                        std::string(static_cast<size_t>(fraction_digits_), '9'));
  }
  // A double has 15 digits; those behind them are zeros (PostgreSQL's float8_to_char).
  char buffer[48];
  const auto written =
      std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific, 14);
  const std::string_view text(buffer, static_cast<size_t>(written.ptr - buffer));
  int scale = 0;
  if (const std::optional<int128_t> decimal = ParseDecimal(text, &scale)) {
    return Format(*decimal, scale);
  }
  // More than 38 digits before the point: only a pattern that wide can show them.
  char wide[400];
  const auto all =
      std::to_chars(wide, wide + sizeof(wide), std::fabs(value), std::chars_format::fixed, 0);
  const std::string_view whole(wide, static_cast<size_t>(all.ptr - wide));
  if (roman_) return FormatRoman(value < 0, whole);
  return FormatDigits(value < 0, whole, std::string(static_cast<size_t>(fraction_digits_), '0'));
}

std::string NumericPattern::FormatRoman(bool negative, std::string_view whole) const {
  int number = 0;
  const bool fits =
      !negative && whole.size() <= 4 &&
      std::from_chars(whole.data(), whole.data() + whole.size(), number).ec == std::errc() &&
      number >= 1 && number <= 3999;
  constexpr size_t kRomanWidth = 15;
  if (!fits) return std::string(kRomanWidth, '#');
  constexpr std::pair<int, std::string_view> kRoman[] = {
      {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
      {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
  std::string text;
  for (const auto& [value, letters] : kRoman) {
    while (number >= value) {
      text += letters;
      number -= value;
    }
  }
  if (roman_lower_) absl::AsciiStrToLower(&text);
  if (!unpadded_ && text.size() < kRomanWidth) text.insert(0, kRomanWidth - text.size(), ' ');
  return text;
}

std::string NumericPattern::FormatDigits(bool negative, std::string_view whole,
                                         std::string_view fraction) const {
  const int digits = static_cast<int>(whole.size());
  const bool overflow = digits > whole_digits_ && !(whole == "0" && whole_digits_ == 0);
  // Positions before the point that hold no digit: blank, or zero from the first 0 on.
  int leading = std::max(whole_digits_ - digits, 0);
  // A lone zero before the point shows only where the pattern has a 0 or no fraction.
  const bool hide_zero =
      !overflow && whole == "0" && first_zero_ < 0 && fraction_digits_ > 0 && whole_digits_ > 0;
  if (hide_zero) leading = whole_digits_;
  const int first_shown = first_zero_ >= 0 ? std::min(first_zero_, leading) : leading;
  // FM drops the fraction's trailing zeros, up to the pattern's last 0.
  int fraction_shown = fraction_digits_;
  if (unpadded_) {
    while (fraction_shown > last_zero_ + 1 &&
           fraction[static_cast<size_t>(fraction_shown) - 1] == '0') {
      --fraction_shown;
    }
    // FM9.9 of 0 is "0.".
    if (hide_zero && fraction_shown == 0) leading = whole_digits_ - 1;
  }
  const int shown_from = std::min(first_shown, leading);

  std::string out;
  bool signed_yet = sign_ == SignStyle::kExplicit || sign_ == SignStyle::kPatternLast;
  const auto sign = [&] {
    if (signed_yet) return;
    signed_yet = true;
    switch (sign_) {
      case SignStyle::kPatternFirst:
        out.push_back(negative ? '-' : '+');
        break;
      case SignStyle::kBrackets:
        if (negative) {
          out.push_back('<');
        } else if (!unpadded_) {
          out.push_back(' ');
        }
        break;
      case SignStyle::kLeading:
        if (negative) {
          out.push_back('-');
        } else if (!unpadded_) {
          out.push_back(' ');
        }
        break;
      case SignStyle::kPatternLast:
      case SignStyle::kExplicit:
        break;
    }
  };
  int position = 0;           // of the next digit before the point
  int fraction_position = 0;  // of the next digit behind it
  bool after_point = false;
  int digits_left = whole_digits_ + fraction_digits_;
  const auto close_bracket = [&] {
    // Behind the last digit.
    if (sign_ != SignStyle::kBrackets || digits_left != 0) return;
    if (negative) {
      out.push_back('>');
    } else if (!unpadded_) {
      out.push_back(' ');
    }
    digits_left = -1;
  };
  for (const Element& element : elements_) {
    switch (element.kind) {
      case Kind::kLiteral:
        out.push_back(element.literal);
        break;
      case Kind::kNine:
      case Kind::kZero:
        --digits_left;
        if (after_point) {
          sign();
          if (overflow) {
            out.push_back('#');
          } else if (fraction_position < fraction_shown) {
            out.push_back(fraction[static_cast<size_t>(fraction_position)]);
          }
          ++fraction_position;
        } else {
          if (overflow) {
            sign();
            out.push_back('#');
          } else if (position < shown_from) {
            if (!unpadded_) out.push_back(' ');
          } else {
            sign();
            const int index = position - (whole_digits_ - digits);
            out.push_back(index >= 0 ? whole[static_cast<size_t>(index)] : '0');
          }
          ++position;
        }
        close_bracket();
        break;
      case Kind::kPoint:
        after_point = true;
        sign();
        out.push_back('.');
        break;
      case Kind::kGroup:
        if (position > shown_from || overflow) {
          out.push_back(',');
        } else if (!unpadded_) {
          out.push_back(' ');
        }
        break;
      case Kind::kSign:
        if (sign_ == SignStyle::kPatternLast) out.push_back(negative ? '-' : '+');
        break;
      case Kind::kMinus:
        if (negative) {
          out.push_back('-');
        } else if (!unpadded_) {
          out.push_back(' ');
        }
        break;
      case Kind::kPlus:
        if (!negative) {
          out.push_back('+');
        } else if (!unpadded_) {
          out.push_back(' ');
        }
        break;
      case Kind::kPlusMinus:
        out.push_back(negative ? '-' : '+');
        break;
      case Kind::kCurrency:
        out.push_back('$');
        break;
      case Kind::kShift:
        break;
      case Kind::kOrdinalUpper:
      case Kind::kOrdinalLower:
        if (!negative && !overflow && !has_point_) {
          std::string suffix(OrdinalSuffix(whole));
          if (element.kind == Kind::kOrdinalUpper) absl::AsciiStrToUpper(&suffix);
          out += suffix;
        }
        break;
    }
  }
  return out;
}

absl::StatusOr<NumericPattern::Parsed> NumericPattern::Parse(std::string_view text) const {
  const auto invalid = [&]() -> absl::Status {
    return SqlError(SqlState::kInvalidTextRepresentation,
                    absl::StrCat("invalid input syntax for type numeric: \"", sv(text), "\""));
  };
  bool negative = false, any = false, point = false;
  int128_t value = 0;
  int scale = 0, significant = 0;
  size_t at = 0;
  const auto skip_blanks = [&] {
    while (at < text.size() && IsBlank(text[at])) ++at;
  };
  const auto take_sign = [&] {
    if (at >= text.size()) return;
    const char c = text[at];
    if (c == '-' || c == '<') negative = true;
    if (c == '-' || c == '+' || c == '<') ++at;
  };
  const auto take_digit = [&]() -> bool {
    if (significant >= 38) return false;
    value = value * 10 + (text[at++] - '0');
    if (value != 0) ++significant;
    if (point) ++scale;
    any = true;
    return true;
  };
  skip_blanks();
  take_sign();
  bool pattern_point = false;
  int whole_left = whole_digits_;
  const auto count_whole = [&] {
    size_t i = at;
    int count = 0;
    for (; i < text.size() && (IsDigit(text[i]) || text[i] == ','); ++i) {
      if (IsDigit(text[i])) ++count;
    }
    return count;
  };
  for (const Element& element : elements_) {
    if (at >= text.size()) break;
    switch (element.kind) {
      case Kind::kNine:
      case Kind::kZero:
        skip_blanks();
        if (!any) take_sign();
        if (!pattern_point) {
          // Fewer digits than the pattern has: its first positions stay empty.
          const bool needed = count_whole() >= whole_left;
          --whole_left;
          if (!needed) break;
        }
        if (at < text.size() && IsDigit(text[at]) && !take_digit()) return invalid();
        break;
      case Kind::kPoint:
        pattern_point = true;
        if (text[at] == '.') {
          point = true;
          ++at;
        }
        break;
      case Kind::kGroup:
        if (text[at] == ',') ++at;
        break;
      case Kind::kSign:
      case Kind::kMinus:
      case Kind::kPlus:
      case Kind::kPlusMinus:
        skip_blanks();
        take_sign();
        break;
      case Kind::kCurrency:
        skip_blanks();
        if (at < text.size() && text[at] == '$') ++at;
        if (!any) take_sign();
        break;
      case Kind::kShift:
        break;
      case Kind::kLiteral:
        if (!IsDigit(text[at])) ++at;
        break;
      case Kind::kOrdinalUpper:
      case Kind::kOrdinalLower:
        for (int i = 0; i < 2 && at < text.size() && !IsDigit(text[at]); ++i) ++at;
        break;
    }
  }
  if (!any) return invalid();
  if (sign_ == SignStyle::kBrackets && at < text.size() && text[at] == '>') ++at;
  Parsed parsed;
  parsed.unscaled = negative ? -value : value;
  parsed.scale = scale + shift_digits_;
  if (parsed.scale > 38) return invalid();
  return parsed;
}

}  // namespace vesto::types
