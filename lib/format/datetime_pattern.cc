#include "format/datetime_pattern.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "types/datetime.h"

namespace vesto::format {
namespace {

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kMonthRests[] = {"uary", "ruary", "ch",     "il",   "",      "e",
                                            "y",    "ust",   "tember", "ober", "ember", "ember"};

// Reads up to `digits_max` digits from the front; false when there is none.
bool TakeNumber(std::string_view& text, size_t digits_max, int* out) {
  size_t length = 0;
  int value = 0;
  while (length < digits_max && length < text.size() && absl::ascii_isdigit(text[length])) {
    value = value * 10 + (text[length++] - '0');
  }
  text.remove_prefix(length);
  *out = value;
  return length > 0;
}

bool TakeWord(std::string_view& text, std::string_view word) {
  if (!absl::StartsWithIgnoreCase(sv(text), sv(word))) return false;
  text.remove_prefix(word.size());
  return true;
}

bool TakeMonthName(std::string_view& text, int* month) {
  for (int i = 0; i < 12; ++i) {
    if (TakeWord(text, kMonths[i])) {
      TakeWord(text, kMonthRests[i]);
      *month = i + 1;
      return true;
    }
  }
  return false;
}

// .123456 after the seconds; more digits are dropped.
int64_t TakeFraction(std::string_view& text) {
  if (text.size() < 2 || text[0] != '.' || !absl::ascii_isdigit(text[1])) return 0;
  text.remove_prefix(1);
  int64_t micros = 0;
  int64_t unit = types::kMicrosPerSecond / 10;
  while (!text.empty() && absl::ascii_isdigit(text[0])) {
    micros += (text[0] - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return micros;
}

// Z, +HH, +HHMI, +HH:MI
bool TakeOffset(std::string_view& text, int32_t* seconds) {
  if (TakeWord(text, "z")) {
    *seconds = 0;
    return true;
  }
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  const bool is_west = text[0] == '-';
  text.remove_prefix(1);
  int hours, minutes = 0;
  if (!TakeNumber(text, 2, &hours) || hours > 15) return false;
  if (!text.empty() && text[0] == ':') text.remove_prefix(1);
  TakeNumber(text, 2, &minutes);
  if (minutes > 59) return false;
  *seconds = (hours * 60 + minutes) * 60 * (is_west ? -1 : 1);
  return true;
}

}  // namespace

absl::StatusOr<DateTimePattern> DateTimePattern::Compile(std::string_view pattern) {
  struct Word {
    std::string_view text;
    Part part;
  };
  // Longer words first.
  constexpr Word kWords[] = {
      {"yyyy", Part::kYear4},    {"hh24", Part::kHour24}, {"hh12", Part::kHour12},
      {"mon", Part::kMonthName}, {"yy", Part::kYear2},    {"mm", Part::kMonth},
      {"dd", Part::kDay},        {"hh", Part::kHour24},   {"mi", Part::kMinute},
      {"ss", Part::kSecond},     {"am", Part::kMeridiem}, {"pm", Part::kMeridiem},
      {"of", Part::kOffset},
  };
  DateTimePattern result;
  bool has_part = false;
  std::string_view rest = pattern;
  while (!rest.empty()) {
    bool found = false;
    for (const Word& word : kWords) {
      if (TakeWord(rest, word.text)) {
        result.items_.push_back({word.part, '\0'});
        found = has_part = true;
        break;
      }
    }
    if (found) continue;
    result.items_.push_back({Part::kLiteral, rest[0]});
    rest.remove_prefix(1);
  }
  if (!has_part) {
    return SqlError(SqlState::kInvalidParameterValue,
                    absl::StrCat("date or time format \"", sv(pattern), "\" names no date part"));
  }
  return result;
}

std::optional<DateTimePattern::Value> DateTimePattern::Parse(std::string_view text,
                                                             bool allow_rest) const {
  Value value;
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int64_t fraction = 0;
  bool is_hour12 = false, is_pm = false, has_meridiem = false;
  text = from_sv(absl::StripAsciiWhitespace(sv(text)));
  for (const Item& item : items_) {
    bool matches = true;
    switch (item.part) {
      case Part::kLiteral:
        matches = !text.empty() && text[0] == item.literal;
        if (matches) text.remove_prefix(1);
        break;
      case Part::kYear4:
        matches = TakeNumber(text, 4, &year);
        break;
      case Part::kYear2:
        matches = TakeNumber(text, 2, &year);
        // The usual window: 70..99 are of the last century.
        year += year < 70 ? 2000 : 1900;
        break;
      case Part::kMonth:
        matches = TakeNumber(text, 2, &month);
        break;
      case Part::kMonthName:
        matches = TakeMonthName(text, &month);
        break;
      case Part::kDay:
        matches = TakeNumber(text, 2, &day);
        break;
      case Part::kHour24:
        matches = TakeNumber(text, 2, &hour);
        break;
      case Part::kHour12:
        matches = TakeNumber(text, 2, &hour);
        is_hour12 = true;
        break;
      case Part::kMinute:
        matches = TakeNumber(text, 2, &minute);
        break;
      case Part::kSecond:
        matches = TakeNumber(text, 2, &second);
        fraction = TakeFraction(text);
        break;
      case Part::kMeridiem:
        has_meridiem = true;
        is_pm = TakeWord(text, "pm");
        matches = is_pm || TakeWord(text, "am");
        break;
      case Part::kOffset: {
        int32_t seconds = 0;
        // An offset may be left out: the session's time zone then counts.
        if (text.empty()) break;
        matches = TakeOffset(text, &seconds);
        value.offset_seconds = seconds;
        break;
      }
    }
    if (!matches) return std::nullopt;
  }
  if (!text.empty() && !allow_rest) return std::nullopt;
  if (is_hour12 || has_meridiem) {
    if (hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + (is_pm ? 12 : 0);
  }
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > types::DaysInMonth(year, month) ||
      hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute > 0 || second > 0))) {
    return std::nullopt;
  }
  value.days = static_cast<int32_t>(types::DaysFromCivil(year, month, day));
  value.micros_of_day = hour * types::kMicrosPerHour + minute * types::kMicrosPerMinute +
                        second * types::kMicrosPerSecond + fraction;
  return value;
}

}  // namespace vesto::format
