#include "functions/datetime_format.h"

#include <array>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "types/datetime.h"

namespace vesto::functions {
namespace {

using types::CivilDate;

constexpr int64_t kJulianDayOf1970 = 2'440'588;

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kRomanMonths = {"I",   "II",   "III", "IV", "V",  "VI",
                                                           "VII", "VIII", "IX",  "X",  "XI", "XII"};

void AppendName(std::string_view name, char letter_case, bool fill, size_t width,
                std::string* out) {
  std::string text(name);
  if (letter_case == 'U') absl::AsciiStrToUpper(&text);
  if (letter_case == 'l') absl::AsciiStrToLower(&text);
  if (fill && text.size() < width) text.resize(width, ' ');
  out->append(text);
}

void AppendNumber(int64_t value, int width, bool fill, char ordinal, std::string* out) {
  char text[32];
  std::snprintf(text, sizeof(text), "%0*lld", fill ? width : 1, static_cast<long long>(value));
  out->append(text);
  if (ordinal == 0) return;
  const int64_t magnitude = value < 0 ? -value : value;
  std::string_view suffix = "th";
  if (magnitude % 100 / 10 != 1) {
    if (magnitude % 10 == 1) suffix = "st";
    if (magnitude % 10 == 2) suffix = "nd";
    if (magnitude % 10 == 3) suffix = "rd";
  }
  AppendName(suffix, ordinal == 'T' ? 'U' : 'l', false, 0, out);
}

absl::Status BadField(std::string_view text, std::string_view keyword) {
  return SqlError(SqlState::kInvalidDatetimeFormat,
                  absl::StrCat("invalid value \"", sv(text), "\" for \"", sv(keyword), "\""));
}

}  // namespace

enum class DateTimeFormat::Key : uint8_t {
  kLiteral,
  kBcDots,
  kAmDots,
  kBc,
  kAm,
  kCentury,
  kDayName,
  kDayOfYear,
  kDay,
  kDayAbbreviation,
  kWeekday,
  kHour24,
  kHour12,
  kIsoDayOfYear,
  kIsoWeekday,
  kIsoWeek,
  kIsoYear4,
  kIsoYear3,
  kIsoYear2,
  kIsoYear1,
  kJulian,
  kMinute,
  kMonth,
  kMonthName,
  kMonthAbbreviation,
  kMillisecond,
  kOffset,
  kQuarter,
  kRomanMonth,
  kSecondsOfDay,
  kSecond,
  kZone,
  kMicrosecond,
  kWeekOfYear,
  kWeekOfMonth,
  kYearComma,
  kYear4,
  kYear3,
  kYear2,
  kYear1,
};

struct DateTimeFormat::KeywordEntry {
  std::string_view text;  // upper case
  Key key;
};

const DateTimeFormat::KeywordEntry* DateTimeFormat::FindKeyword(std::string_view rest) {
  // Longer keywords first.
  static constexpr KeywordEntry kKeywords[] = {
      {"SSSSS", Key::kSecondsOfDay},
      {"MONTH", Key::kMonthName},
      {"Y,YYY", Key::kYearComma},
      {"SSSS", Key::kSecondsOfDay},
      {"HH24", Key::kHour24},
      {"HH12", Key::kHour12},
      {"IDDD", Key::kIsoDayOfYear},
      {"IYYY", Key::kIsoYear4},
      {"YYYY", Key::kYear4},
      {"A.D.", Key::kBcDots},
      {"B.C.", Key::kBcDots},
      {"A.M.", Key::kAmDots},
      {"P.M.", Key::kAmDots},
      {"DAY", Key::kDayName},
      {"DDD", Key::kDayOfYear},
      {"IYY", Key::kIsoYear3},
      {"MON", Key::kMonthAbbreviation},
      {"YYY", Key::kYear3},
      {"AD", Key::kBc},
      {"BC", Key::kBc},
      {"AM", Key::kAm},
      {"PM", Key::kAm},
      {"CC", Key::kCentury},
      {"DD", Key::kDay},
      {"DY", Key::kDayAbbreviation},
      {"HH", Key::kHour12},
      {"ID", Key::kIsoWeekday},
      {"IW", Key::kIsoWeek},
      {"IY", Key::kIsoYear2},
      {"MI", Key::kMinute},
      {"MM", Key::kMonth},
      {"MS", Key::kMillisecond},
      {"OF", Key::kOffset},
      {"RM", Key::kRomanMonth},
      {"SS", Key::kSecond},
      {"TZ", Key::kZone},
      {"US", Key::kMicrosecond},
      {"WW", Key::kWeekOfYear},
      {"YY", Key::kYear2},
      {"D", Key::kWeekday},
      {"I", Key::kIsoYear1},
      {"J", Key::kJulian},
      {"Q", Key::kQuarter},
      {"W", Key::kWeekOfMonth},
      {"Y", Key::kYear1},
  };
  for (const KeywordEntry& entry : kKeywords) {
    if (rest.size() >= entry.text.size() &&
        absl::EqualsIgnoreCase(sv(rest.substr(0, entry.text.size())), sv(entry.text))) {
      return &entry;
    }
  }
  return nullptr;
}

DateTimeFormat::DateTimeFormat(std::string_view pattern) {
  bool fill = true;
  auto add_literal = [this](std::string_view text) {
    if (nodes_.empty() || nodes_.back().key != Key::kLiteral) {
      Node node;
      node.key = Key::kLiteral;
      nodes_.push_back(std::move(node));
    }
    nodes_.back().literal.append(text);
  };
  for (size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '"') {
      const size_t end = pattern.find('"', i + 1);
      add_literal(pattern.substr(i + 1, end == std::string_view::npos ? end : end - i - 1));
      i = end == std::string_view::npos ? pattern.size() : end + 1;
      continue;
    }
    const std::string_view rest = pattern.substr(i);
    if (rest.size() >= 2 && absl::EqualsIgnoreCase(sv(rest.substr(0, 2)), "FM")) {
      fill = false;
      i += 2;
      continue;
    }
    if (rest.size() >= 2 && absl::EqualsIgnoreCase(sv(rest.substr(0, 2)), "FX")) {
      i += 2;
      continue;
    }
    const KeywordEntry* keyword = FindKeyword(rest);
    if (keyword == nullptr) {
      add_literal(rest.substr(0, 1));
      ++i;
      continue;
    }
    Node node;
    node.key = keyword->key;
    node.fill = fill;
    if (absl::ascii_islower(static_cast<unsigned char>(rest[0]))) {
      node.letter_case = 'l';
    } else if (rest.size() > 1 && absl::ascii_islower(static_cast<unsigned char>(rest[1]))) {
      node.letter_case = 'C';
    }
    node.literal = std::string(rest.substr(0, keyword->text.size()));
    i += keyword->text.size();
    const std::string_view suffix = pattern.substr(i, 2);
    if (suffix == "TH" || suffix == "th") {
      node.ordinal = suffix[0];
      i += 2;
    }
    nodes_.push_back(std::move(node));
    fill = true;
  }
}

void DateTimeFormat::Append(const FormatMoment& moment, std::string* out) const {
  const CivilDate date = types::CivilFromDays(moment.day);
  // There is no year 0: astronomical 0 is 1 BC.
  const bool before_christ = date.year <= 0;
  const int year = before_christ ? 1 - date.year : date.year;
  const int hour = static_cast<int>(moment.micros / types::kMicrosPerHour);
  const int minute = static_cast<int>(moment.micros / types::kMicrosPerMinute % 60);
  const int second = static_cast<int>(moment.micros / types::kMicrosPerSecond % 60);
  const int fraction = static_cast<int>(moment.micros % types::kMicrosPerSecond);
  const int weekday = types::DayOfWeek(moment.day);
  const auto day_of_year = static_cast<int>(moment.day - types::DaysFromCivil(date.year, 1, 1) + 1);
  int iso_year = 0;
  const int iso_week = types::IsoWeek(moment.day, &iso_year);
  for (const Node& node : nodes_) {
    auto number = [&](int64_t value, int width) {
      AppendNumber(value, width, node.fill, node.ordinal, out);
    };
    auto name = [&](std::string_view text, size_t width) {
      AppendName(text, node.letter_case, node.fill, width, out);
    };
    // AD, BC, AM and PM follow the case of the pattern as it is written.
    auto marker = [&](std::string_view text) {
      AppendName(text, node.letter_case == 'l' ? 'l' : 'U', false, 0, out);
    };
    switch (node.key) {
      case Key::kLiteral:
        out->append(node.literal);
        break;
      case Key::kBcDots:
        marker(before_christ ? "B.C." : "A.D.");
        break;
      case Key::kBc:
        marker(before_christ ? "BC" : "AD");
        break;
      case Key::kAmDots:
        marker(hour >= 12 ? "P.M." : "A.M.");
        break;
      case Key::kAm:
        marker(hour >= 12 ? "PM" : "AM");
        break;
      case Key::kCentury:
        number((year + 99) / 100, 2);
        break;
      case Key::kDayName:
        name(kWeekdays[weekday], 9);
        break;
      case Key::kDayAbbreviation:
        name(kWeekdays[weekday].substr(0, 3), 3);
        break;
      case Key::kDayOfYear:
        number(day_of_year, 3);
        break;
      case Key::kDay:
        number(date.day, 2);
        break;
      case Key::kWeekday:
        number(weekday + 1, 1);
        break;
      case Key::kIsoWeekday:
        number(weekday == 0 ? 7 : weekday, 1);
        break;
      case Key::kHour24:
        number(hour, 2);
        break;
      case Key::kHour12:
        number(hour % 12 == 0 ? 12 : hour % 12, 2);
        break;
      case Key::kIsoDayOfYear:
        number((iso_week - 1) * 7 + (weekday == 0 ? 7 : weekday), 3);
        break;
      case Key::kIsoWeek:
        number(iso_week, 2);
        break;
      case Key::kIsoYear4:
        number(iso_year, 4);
        break;
      case Key::kIsoYear3:
        number(iso_year % 1000, 3);
        break;
      case Key::kIsoYear2:
        number(iso_year % 100, 2);
        break;
      case Key::kIsoYear1:
        number(iso_year % 10, 1);
        break;
      case Key::kJulian:
        number(moment.day + kJulianDayOf1970, 1);
        break;
      case Key::kMinute:
        number(minute, 2);
        break;
      case Key::kMonth:
        number(date.month, 2);
        break;
      case Key::kMonthName:
        name(kMonths[date.month - 1], 9);
        break;
      case Key::kMonthAbbreviation:
        name(kMonths[date.month - 1].substr(0, 3), 3);
        break;
      case Key::kMillisecond:
        number(fraction / 1000, 3);
        break;
      case Key::kMicrosecond:
        number(fraction, 6);
        break;
      case Key::kOffset:
        if (moment.has_zone) {
          const int magnitude = std::abs(moment.offset_seconds);
          out->push_back(moment.offset_seconds < 0 ? '-' : '+');
          AppendNumber(magnitude / 3600, 2, true, 0, out);
          if (magnitude % 3600 != 0) {
            out->push_back(':');
            AppendNumber(magnitude / 60 % 60, 2, true, 0, out);
          }
        }
        break;
      case Key::kQuarter:
        number((date.month - 1) / 3 + 1, 1);
        break;
      case Key::kRomanMonth:
        name(kRomanMonths[date.month - 1], 4);
        break;
      case Key::kSecondsOfDay:
        number(moment.micros / types::kMicrosPerSecond, 1);
        break;
      case Key::kSecond:
        number(second, 2);
        break;
      case Key::kZone:
        if (moment.has_zone) marker(moment.zone);
        break;
      case Key::kWeekOfYear:
        number((day_of_year - 1) / 7 + 1, 2);
        break;
      case Key::kWeekOfMonth:
        number((date.day - 1) / 7 + 1, 1);
        break;
      case Key::kYearComma:
        AppendNumber(year / 1000, 1, true, 0, out);
        out->push_back(',');
        AppendNumber(year % 1000, 3, true, node.ordinal, out);
        break;
      case Key::kYear4:
        number(year, 4);
        break;
      case Key::kYear3:
        number(year % 1000, 3);
        break;
      case Key::kYear2:
        number(year % 100, 2);
        break;
      case Key::kYear1:
        number(year % 10, 1);
        break;
    }
  }
}

bool DateTimeFormat::NextIsDigits(size_t index) const {
  if (index + 1 >= nodes_.size()) return false;
  switch (nodes_[index + 1].key) {
    case Key::kLiteral:
      return !nodes_[index + 1].literal.empty() &&
             absl::ascii_isdigit(static_cast<unsigned char>(nodes_[index + 1].literal[0]));
    case Key::kBc:
    case Key::kBcDots:
    case Key::kAm:
    case Key::kAmDots:
    case Key::kMonthName:
    case Key::kMonthAbbreviation:
    case Key::kRomanMonth:
    case Key::kDayName:
    case Key::kDayAbbreviation:
      return false;
    default:
      return true;
  }
}

absl::StatusOr<int64_t> DateTimeFormat::Parse(std::string_view text, bool strict) const {
  int64_t year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, micros = 0;
  int64_t julian = -1, day_of_year = -1, seconds_of_day = -1, century = -1;
  int64_t iso_year = -1, iso_week = -1, iso_weekday = 1;
  bool before_christ = false, has_half = false, afternoon = false, twelve_hours = false;
  size_t at = 0;
  auto is_digit = [&](size_t i) {
    return i < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
  };
  auto is_alpha = [&](size_t i) {
    return i < text.size() && absl::ascii_isalpha(static_cast<unsigned char>(text[i]));
  };
  for (size_t index = 0; index < nodes_.size(); ++index) {
    const Node& node = nodes_[index];
    if (node.key == Key::kLiteral) {
      for (char c : node.literal) {
        if (c == ' ') {
          while (at < text.size() && text[at] == ' ') ++at;
        } else if (at < text.size() && (text[at] == c || (!is_digit(at) && !is_alpha(at)))) {
          ++at;
        } else if (at < text.size() && is_alpha(at) &&
                   absl::ascii_isalpha(static_cast<unsigned char>(c))) {
          ++at;
        }
      }
      continue;
    }
    while (at < text.size() && text[at] == ' ') ++at;
    if (at >= text.size()) break;  // the rest keeps its defaults
    size_t digits_read = 0;
    // Reads up to `width` digits; more when nothing numeric follows in the pattern.
    auto read = [&](size_t width, int64_t* value) -> absl::Status {
      const size_t limit = NextIsDigits(index) ? width : std::max<size_t>(width, 9);
      size_t end = at;
      const bool negative = text[end] == '-' && is_digit(end + 1) && node.key == Key::kYear4;
      if (negative) ++end;
      const size_t first = end;
      int64_t number = 0;
      while (end - first < limit && is_digit(end)) number = number * 10 + (text[end++] - '0');
      if (end == first) return BadField(text.substr(at), node.literal);
      digits_read = end - first;
      *value = negative ? -number : number;
      at = end;
      if (node.ordinal != 0 && is_alpha(at)) at = std::min(at + 2, text.size());
      return absl::OkStatus();
    };
    auto read_fixed = [&](size_t width, int64_t* value) -> absl::Status {
      int64_t number = 0;
      size_t end = at;
      while (end - at < width && is_digit(end)) number = number * 10 + (text[end++] - '0');
      if (end == at) return BadField(text.substr(at), node.literal);
      digits_read = end - at;
      *value = number;
      at = end;
      if (node.ordinal != 0 && is_alpha(at)) at = std::min(at + 2, text.size());
      return absl::OkStatus();
    };
    // Whether the text goes on with `word`, ignoring case.
    auto take = [&](std::string_view word) {
      if (text.size() - at < word.size() ||
          !absl::EqualsIgnoreCase(sv(text.substr(at, word.size())), sv(word))) {
        return false;
      }
      at += word.size();
      return true;
    };
    int64_t ignored = 0;
    switch (node.key) {
      case Key::kLiteral:
        break;
      case Key::kBc:
      case Key::kBcDots:
        if (take("B.C.") || take("BC")) {
          before_christ = true;
        } else if (!take("A.D.") && !take("AD")) {
          return BadField(text.substr(at), node.literal);
        }
        break;
      case Key::kAm:
      case Key::kAmDots:
        has_half = true;
        if (take("P.M.") || take("PM")) {
          afternoon = true;
        } else if (!take("A.M.") && !take("AM")) {
          return BadField(text.substr(at), node.literal);
        }
        break;
      case Key::kMonthName:
      case Key::kMonthAbbreviation: {
        bool found = false;
        for (size_t i = 0; i < kMonths.size() && !found; ++i) {
          found =
              (node.key == Key::kMonthName && take(kMonths[i])) || take(kMonths[i].substr(0, 3));
          if (found) month = static_cast<int64_t>(i) + 1;
        }
        if (!found) return BadField(text.substr(at), node.literal);
        break;
      }
      case Key::kRomanMonth: {
        bool found = false;
        for (size_t i = kRomanMonths.size(); i-- > 0 && !found;) {
          // VIII before VII before VI: longer numerals share their beginning with shorter ones.
          size_t end = at;
          while (end < text.size() && absl::ascii_isalpha(static_cast<unsigned char>(text[end]))) {
            ++end;
          }
          if (absl::EqualsIgnoreCase(sv(text.substr(at, end - at)), sv(kRomanMonths[i]))) {
            month = static_cast<int64_t>(i) + 1;
            at = end;
            found = true;
          }
        }
        if (!found) return BadField(text.substr(at), node.literal);
        break;
      }
      case Key::kDayName:
      case Key::kDayAbbreviation: {
        bool found = false;
        for (std::string_view weekday : kWeekdays) {
          if ((node.key == Key::kDayName && take(weekday)) || take(weekday.substr(0, 3))) {
            found = true;
            break;
          }
        }
        if (!found) return BadField(text.substr(at), node.literal);
        break;
      }
      case Key::kZone:
      case Key::kOffset:
        return SqlError(SqlState::kFeatureNotSupported,
                        absl::StrCat("\"", node.literal, "\" not supported"));
      case Key::kCentury:
        VESTO_RETURN_IF_ERROR(read(2, &century));
        break;
      case Key::kDayOfYear:
        VESTO_RETURN_IF_ERROR(read_fixed(3, &day_of_year));
        break;
      case Key::kDay:
        VESTO_RETURN_IF_ERROR(read_fixed(2, &day));
        break;
      case Key::kWeekday:
        VESTO_RETURN_IF_ERROR(read_fixed(1, &ignored));
        break;
      case Key::kIsoWeekday:
        VESTO_RETURN_IF_ERROR(read_fixed(1, &iso_weekday));
        break;
      case Key::kHour24:
        VESTO_RETURN_IF_ERROR(read_fixed(2, &hour));
        break;
      case Key::kHour12:
        VESTO_RETURN_IF_ERROR(read_fixed(2, &hour));
        twelve_hours = true;
        break;
      case Key::kIsoDayOfYear:
        VESTO_RETURN_IF_ERROR(read_fixed(3, &ignored));
        break;
      case Key::kIsoWeek:
        VESTO_RETURN_IF_ERROR(read_fixed(2, &iso_week));
        break;
      case Key::kIsoYear4:
      case Key::kIsoYear3:
      case Key::kIsoYear2:
      case Key::kIsoYear1:
        VESTO_RETURN_IF_ERROR(read_fixed(4, &iso_year));
        break;
      case Key::kJulian:
        VESTO_RETURN_IF_ERROR(read(7, &julian));
        break;
      case Key::kMinute:
        VESTO_RETURN_IF_ERROR(read_fixed(2, &minute));
        break;
      case Key::kMonth:
        VESTO_RETURN_IF_ERROR(read_fixed(2, &month));
        break;
      case Key::kMillisecond:
      case Key::kMicrosecond: {
        // Digits of a fraction: .5 is 500 milliseconds.
        const size_t width = node.key == Key::kMillisecond ? 3 : 6;
        int64_t part = 0;
        VESTO_RETURN_IF_ERROR(read_fixed(width, &part));
        for (size_t i = digits_read; i < 6; ++i) part *= 10;
        while (is_digit(at)) ++at;
        micros += part;
        break;
      }
      case Key::kQuarter:
        VESTO_RETURN_IF_ERROR(read_fixed(1, &ignored));
        break;
      case Key::kSecondsOfDay:
        VESTO_RETURN_IF_ERROR(read_fixed(5, &seconds_of_day));
        break;
      case Key::kSecond:
        VESTO_RETURN_IF_ERROR(read_fixed(2, &second));
        break;
      case Key::kWeekOfYear: {
        int64_t week = 0;
        VESTO_RETURN_IF_ERROR(read_fixed(2, &week));
        day_of_year = (week - 1) * 7 + 1;
        break;
      }
      case Key::kWeekOfMonth: {
        int64_t week = 0;
        VESTO_RETURN_IF_ERROR(read_fixed(1, &week));
        day = (week - 1) * 7 + 1;
        break;
      }
      case Key::kYearComma: {
        int64_t thousands = 0;
        VESTO_RETURN_IF_ERROR(read_fixed(3, &thousands));
        if (at < text.size() && text[at] == ',') ++at;
        VESTO_RETURN_IF_ERROR(read_fixed(3, &year));
        year += thousands * 1000;
        break;
      }
      case Key::kYear4:
        VESTO_RETURN_IF_ERROR(read(4, &year));
        break;
      case Key::kYear3:
        VESTO_RETURN_IF_ERROR(read_fixed(3, &year));
        year += year >= 100 ? 1000 : 2000;
        break;
      case Key::kYear2:
        VESTO_RETURN_IF_ERROR(read_fixed(NextIsDigits(index) ? 2 : 4, &year));
        if (digits_read <= 2) year += year < 70 ? 2000 : 1900;
        break;
      case Key::kYear1:
        VESTO_RETURN_IF_ERROR(read_fixed(1, &year));
        year += 2000;
        break;
    }
  }
  if (century >= 0 && year == 1) year = (century - 1) * 100 + 1;
  if (before_christ) year = 1 - year;
  if (year > 294'276 || year < -4'713) {
    return SqlError(SqlState::kDatetimeFieldOverflow,
                    absl::StrCat("date/time field value out of range: \"", sv(text), "\""));
  }
  if (strict && (month < 1 || month > 12 || day < 1 ||
                 day > types::DaysInMonth(static_cast<int>(year), static_cast<int>(month)))) {
    return SqlError(
        SqlState::kDatetimeFieldOverflow,
        absl::StrCat("date/time field date value out of range: ", year, "-", month, "-", day));
  }
  if (strict && (hour > 23 || minute > 59 || second > 59)) {
    return SqlError(SqlState::kDatetimeFieldOverflow,
                    absl::StrCat("date/time field time value out of range: ", hour, ":", minute,
                                 ":", second, ".", micros));
  }
  if (has_half || twelve_hours) {
    if (has_half && hour > 12) {
      return SqlError(SqlState::kInvalidDatetimeFormat,
                      absl::StrCat("hour \"", hour, "\" is invalid for the 12-hour clock"));
    }
    if (has_half && afternoon && hour < 12) hour += 12;
    if (has_half && !afternoon && hour == 12) hour = 0;
  }
  const int64_t whole_months = year * 12 + std::max<int64_t>(month, 1) - 1;
  int64_t days = types::DaysFromCivil(static_cast<int>(whole_months / 12 - (whole_months % 12 < 0)),
                                      static_cast<int>((whole_months % 12 + 12) % 12) + 1, 1) +
                 std::max<int64_t>(day, 1) - 1;
  if (day_of_year > 0) {
    days = types::DaysFromCivil(static_cast<int>(year), 1, 1) + day_of_year - 1;
  }
  if (iso_year >= 0 && iso_week > 0) {
    // January 4 is always in week 1.
    const int64_t fourth = types::DaysFromCivil(static_cast<int>(iso_year), 1, 4);
    const int64_t monday = fourth - (types::DayOfWeek(fourth) + 6) % 7;
    days = monday + (iso_week - 1) * 7 + iso_weekday - 1;
  }
  if (julian >= 0) days = julian - kJulianDayOf1970;
  int64_t seconds = hour * 3600 + minute * 60 + second;
  if (seconds_of_day >= 0) seconds = seconds_of_day;
  return days * types::kMicrosPerDay + seconds * types::kMicrosPerSecond + micros;
}

FormatMoment FormatMoment::OfTimestamp(int64_t micros) {
  FormatMoment moment;
  moment.day = types::TimestampToDays(micros);
  moment.micros = types::MicrosOfDay(micros);
  return moment;
}

FormatMoment FormatMoment::OfTimestampTz(int64_t utc_micros, const absl::TimeZone& zone) {
  const int64_t local = types::UtcToLocal(utc_micros, zone);
  FormatMoment moment = OfTimestamp(local);
  moment.has_zone = true;
  moment.offset_seconds = static_cast<int>((local - utc_micros) / types::kMicrosPerSecond);
  moment.zone = zone.At(absl::FromUnixMicros(utc_micros)).zone_abbr;
  return moment;
}

std::string FormatDateTime(std::string_view pattern, const FormatMoment& moment) {
  std::string text;
  DateTimeFormat(pattern).Append(moment, &text);
  return text;
}

}  // namespace vesto::functions
