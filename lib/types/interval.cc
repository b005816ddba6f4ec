#include <array>
#include <charconv>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/int128.h"
#include "base/status_macros.h"
#include "types/datetime.h"
#include "types/decimal.h"

namespace vesto::types {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }

absl::Status InvalidInterval(std::string_view text) {
  return SqlError(SqlState::kInvalidDatetimeFormat,
                  absl::StrCat("invalid input syntax for type interval: \"", sv(text), "\""));
}
absl::Status IntervalOverflow(std::string_view text) {
  return SqlError(SqlState::kDatetimeFieldOverflow,
                  absl::StrCat("interval field value out of range: \"", sv(text), "\""));
}

// From large to small; a qualifier keeps the units from the largest down to its last one.
enum class Unit { kYear, kMonth, kDay, kHour, kMinute, kSecond };

std::optional<Unit> ParseUnit(std::string_view word) {
  if (word == "year") return Unit::kYear;
  if (word == "month") return Unit::kMonth;
  if (word == "day") return Unit::kDay;
  if (word == "hour") return Unit::kHour;
  if (word == "minute") return Unit::kMinute;
  if (word == "second") return Unit::kSecond;
  return std::nullopt;
}

struct Qualifier {
  Unit first = Unit::kYear;
  Unit last = Unit::kSecond;
  int fraction_digits = -1;  // as written: second(3)
  bool given = false;
};

std::optional<Qualifier> ParseQualifier(std::string_view text) {
  Qualifier qualifier;
  std::string word;
  std::string lower = absl::AsciiStrToLower(sv(text));
  int words = 0;
  for (size_t i = 0; i <= lower.size(); ++i) {
    const char c = i < lower.size() ? lower[i] : ' ';
    if (IsLetter(c)) {
      word.push_back(c);
      continue;
    }
    if (!word.empty()) {
      if (word != "to") {
        const std::optional<Unit> unit = ParseUnit(word);
        if (!unit.has_value() || words == 2) return std::nullopt;
        if (words++ == 0) qualifier.first = *unit;
        qualifier.last = *unit;
      }
      word.clear();
    }
    if (c == '(') {
      int digits = 0;
      const auto read = std::from_chars(lower.data() + i + 1, lower.data() + lower.size(), digits);
      if (read.ec != std::errc() || digits < 0 || digits > 6) return std::nullopt;
      i = static_cast<size_t>(read.ptr - lower.data()) - 1;
      qualifier.fraction_digits = digits;
    }
  }
  qualifier.given = words > 0;
  return qualifier;
}

// A decimal number as its whole part and its first 18 fraction digits.
struct Number {
  int64_t whole = 0;
  int64_t fraction = 0;  // in units of 10^-18
  bool has_fraction = false;
  int digits = 0;  // of the whole part
};

constexpr int64_t kFractionOne = 1'000'000'000'000'000'000;

class IntervalReader {
 public:
  IntervalReader(std::string_view text, const Qualifier& qualifier)
      : text_(text), qualifier_(qualifier) {}

  absl::StatusOr<Interval> Read();

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && (absl::ascii_isspace(static_cast<unsigned char>(text_[at_])) ||
                                  text_[at_] == ',' || text_[at_] == '@')) {
      ++at_;
    }
  }
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  std::optional<Number> ReadNumber();
  std::string ReadWord();
  bool Add(const Number& number, bool negative, int64_t months, int64_t micros);
  bool AddUnit(const Number& number, bool negative, std::string_view unit, bool* known);
  bool AddClock(const Number& first, bool negative);

  std::string_view text_;
  const Qualifier& qualifier_;
  size_t at_ = 0;
  int128_t months_ = 0;
  int128_t micros_ = 0;
};

std::optional<Number> IntervalReader::ReadNumber() {
  Number number;
  bool any = false;
  while (IsDigit(Peek())) {
    if (number.digits >= 18) return std::nullopt;
    number.whole = number.whole * 10 + (text_[at_++] - '0');
    ++number.digits;
    any = true;
  }
  if (Peek() == '.') {
    ++at_;
    number.has_fraction = true;
    int64_t unit = kFractionOne / 10;
    while (IsDigit(Peek())) {
      number.fraction += (text_[at_++] - '0') * unit;
      unit /= 10;
      any = true;
    }
  }
  if (!any) return std::nullopt;
  return number;
}

std::string IntervalReader::ReadWord() {
  std::string word;
  while (IsLetter(Peek())) {
    word.push_back(absl::ascii_tolower(static_cast<unsigned char>(text_[at_++])));
  }
  return word;
}

bool IntervalReader::Add(const Number& number, bool negative, int64_t months, int64_t micros) {
  int128_t add_months = int128_t{number.whole} * months;
  int128_t add_micros = int128_t{number.whole} * micros;
  if (number.fraction != 0) {
    if (months > 1) {
      // 1.5 years is a year and six months; what is left of a month is dropped.
      add_months += int128_t{number.fraction} * months / kFractionOne;
    } else if (months == 1) {
      // Half a month is fifteen days.
      add_micros += int128_t{number.fraction} * (30 * kMicrosPerDay) / kFractionOne;
    }
    add_micros += int128_t{number.fraction} * micros / kFractionOne;
  }
  months_ += negative ? -add_months : add_months;
  micros_ += negative ? -add_micros : add_micros;
  return true;
}

bool IntervalReader::AddUnit(const Number& number, bool negative, std::string_view unit,
                             bool* known) {
  *known = true;
  const std::optional<DatePart> part = ParseDatePart(unit);
  if (part.has_value()) {
    switch (*part) {
      case DatePart::kMillennium:
        return Add(number, negative, 12000, 0);
      case DatePart::kCentury:
        return Add(number, negative, 1200, 0);
      case DatePart::kDecade:
        return Add(number, negative, 120, 0);
      case DatePart::kYear:
        return Add(number, negative, 12, 0);
      case DatePart::kQuarter:
        return Add(number, negative, 3, 0);
      case DatePart::kMonth:
        return Add(number, negative, 1, 0);
      case DatePart::kWeek:
        return Add(number, negative, 0, 7 * kMicrosPerDay);
      case DatePart::kDay:
        return Add(number, negative, 0, kMicrosPerDay);
      case DatePart::kHour:
        return Add(number, negative, 0, kMicrosPerHour);
      case DatePart::kMinute:
        return Add(number, negative, 0, kMicrosPerMinute);
      case DatePart::kSecond:
        return Add(number, negative, 0, kMicrosPerSecond);
      case DatePart::kMillisecond:
        return Add(number, negative, 0, 1000);
      case DatePart::kMicrosecond:
        return Add(number, negative, 0, 1);
      default:
        break;
    }
  }
  *known = false;
  return false;
}

// After a first number, at its colon: h:m[:s[.f]], or m:s where the qualifier says so.
bool IntervalReader::AddClock(const Number& first, bool negative) {
  Number parts[3] = {first, {}, {}};
  int count = 1;
  while (Peek() == ':' && count < 3) {
    ++at_;
    const std::optional<Number> next = ReadNumber();
    if (!next.has_value()) return false;
    parts[count++] = *next;
  }
  for (int i = 0; i + 1 < count; ++i) {
    if (parts[i].has_fraction) return false;
  }
  const bool minutes_first =
      count == 2 &&
      (parts[1].has_fraction ||
       (qualifier_.given && qualifier_.first == Unit::kMinute && qualifier_.last == Unit::kSecond));
  if (minutes_first) {
    if (parts[1].whole > 59) return false;
    return Add(parts[0], negative, 0, kMicrosPerMinute) &&
           Add(parts[1], negative, 0, kMicrosPerSecond);
  }
  if (parts[1].whole > 59 || parts[2].whole > 59) return false;
  return Add(parts[0], negative, 0, kMicrosPerHour) &&
         Add(parts[1], negative, 0, kMicrosPerMinute) &&
         Add(parts[2], negative, 0, kMicrosPerSecond);
}

absl::StatusOr<Interval> IntervalReader::Read() {
  bool any = false;
  bool ago = false;
  // SQL standard form: one sign in front of '1 2:03:04' or '1-2' negates all of it.
  bool standard_negative = false;
  for (SkipBlanks(); at_ < text_.size(); SkipBlanks()) {
    if (IsLetter(Peek())) {
      if (ReadWord() != "ago" || ago || !any) return InvalidInterval(text_);
      ago = true;
      continue;
    }
    bool negative = false;
    bool signed_number = false;
    if (Peek() == '-' || Peek() == '+') {
      negative = text_[at_++] == '-';
      signed_number = true;
      SkipBlanks();
    }
    const std::optional<Number> number = ReadNumber();
    if (!number.has_value()) return InvalidInterval(text_);
    any = true;
    if (Peek() == ':') {
      if (!AddClock(*number, signed_number ? negative : standard_negative)) {
        return InvalidInterval(text_);
      }
      continue;
    }
    if (Peek() == '-' && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1]) &&
        !number->has_fraction) {
      ++at_;  // years-months
      const std::optional<Number> months = ReadNumber();
      if (!months.has_value() || months->whole > 11) return InvalidInterval(text_);
      Add(*number, negative, 12, 0);
      Add(*months, negative, 1, 0);
      continue;
    }
    SkipBlanks();
    if (IsLetter(Peek())) {
      const size_t word_at = at_;
      const std::string unit = ReadWord();
      if (unit != "ago") {
        bool known = false;
        AddUnit(*number, negative, unit, &known);
        if (!known) return InvalidInterval(text_);
        continue;
      }
      at_ = word_at;
    }
    // No unit: days before a clock, else what the qualifier ends with, else seconds.
    bool clock_follows = false;
    for (size_t i = at_; i < text_.size() && (IsDigit(text_[i]) || text_[i] == ':' ||
                                              text_[i] == '-' || text_[i] == '+');
         ++i) {
      if (text_[i] == ':') clock_follows = true;
    }
    if (clock_follows) {
      standard_negative = negative;
      Add(*number, negative, 0, kMicrosPerDay);
      continue;
    }
    switch (qualifier_.given ? qualifier_.last : Unit::kSecond) {
      case Unit::kYear:
        Add(*number, negative, 12, 0);
        break;
      case Unit::kMonth:
        Add(*number, negative, 1, 0);
        break;
      case Unit::kDay:
        Add(*number, negative, 0, kMicrosPerDay);
        break;
      case Unit::kHour:
        Add(*number, negative, 0, kMicrosPerHour);
        break;
      case Unit::kMinute:
        Add(*number, negative, 0, kMicrosPerMinute);
        break;
      case Unit::kSecond:
        Add(*number, negative, 0, kMicrosPerSecond);
        break;
    }
  }
  if (!any) return InvalidInterval(text_);
  if (ago) {
    months_ = -months_;
    micros_ = -micros_;
  }

  if (qualifier_.given) {
    switch (qualifier_.last) {
      case Unit::kYear:
        months_ -= months_ % 12;
        micros_ = 0;
        break;
      case Unit::kMonth:
        micros_ = 0;
        break;
      case Unit::kDay:
        micros_ -= micros_ % kMicrosPerDay;
        break;
      case Unit::kHour:
        micros_ -= micros_ % kMicrosPerHour;
        break;
      case Unit::kMinute:
        micros_ -= micros_ % kMicrosPerMinute;
        break;
      case Unit::kSecond:
        break;
    }
  }
  if (qualifier_.fraction_digits >= 0) {
    micros_ =
        Rescale(micros_, 6, qualifier_.fraction_digits, Rounding::kHalfAwayFromZero).value_or(0) *
        PowerOfTen(6 - qualifier_.fraction_digits);
  }
  if (months_ > INT32_MAX || months_ < INT32_MIN || micros_ > INT64_MAX || micros_ < INT64_MIN) {
    return IntervalOverflow(text_);
  }
  return Interval{static_cast<int64_t>(months_), static_cast<int64_t>(micros_)};
}

// The parts of a day-to-second interval, all of one sign.
struct DayTime {
  bool negative;
  uint64_t days, hours, minutes, seconds, micros;
};
DayTime SplitDayTime(int64_t micros) {
  uint64_t rest = micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  DayTime parts;
  parts.negative = micros < 0;
  parts.micros = rest % kMicrosPerSecond;
  rest /= kMicrosPerSecond;
  parts.seconds = rest % 60;
  parts.minutes = rest / 60 % 60;
  parts.hours = rest / 3600 % 24;
  parts.days = rest / 86400;
  return parts;
}

// Digits of the fraction without trailing zeros; "" for none.
std::string FractionDigits(uint64_t micros) {
  if (micros == 0) return "";
  std::string digits = absl::StrCat(absl::Dec(micros, absl::kZeroPad6));
  while (digits.back() == '0') digits.pop_back();
  return digits;
}

std::string Plural(std::string_view sign, uint64_t count, std::string_view unit) {
  return absl::StrCat(sv(sign), count, " ", sv(unit), count == 1 ? "" : "s");
}

std::string Clock(const DayTime& parts, bool pad_hours) {
  std::string text =
      pad_hours ? absl::StrCat(absl::Dec(parts.hours, absl::kZeroPad2)) : absl::StrCat(parts.hours);
  absl::StrAppend(&text, ":", absl::Dec(parts.minutes, absl::kZeroPad2), ":",
                  absl::Dec(parts.seconds, absl::kZeroPad2));
  if (parts.micros != 0) absl::StrAppend(&text, ".", FractionDigits(parts.micros));
  return text;
}

}  // namespace

absl::StatusOr<Interval> ParseInterval(std::string_view text, std::string_view qualifier) {
  const std::optional<Qualifier> parsed = ParseQualifier(qualifier);
  if (!parsed.has_value()) {
    return SqlError(SqlState::kSyntaxError,
                    absl::StrCat("invalid interval qualifier \"", sv(qualifier), "\""));
  }
  return IntervalReader(text, *parsed).Read();
}

std::string IntervalYearToMonthToString(int64_t months) {
  return absl::StrCat(months / 12, " years ", months % 12, " mons");
}

std::string IntervalDayToSecondToString(int64_t micros) {
  const DayTime parts = SplitDayTime(micros);
  const auto field = [&](uint64_t value) {
    return absl::StrCat(parts.negative && value != 0 ? "-" : "", value);
  };
  const std::string fraction = FractionDigits(parts.micros);
  return absl::StrCat(field(parts.days), " days ", field(parts.hours), " hours ",
                      field(parts.minutes), " mins ",
                      parts.negative && (parts.seconds != 0 || parts.micros != 0) ? "-" : "",
                      parts.seconds, ".", fraction.empty() ? "0" : fraction, " secs");
}

std::string IntervalYearToMonthToText(int64_t months, IntervalStyle style) {
  const bool negative = months < 0;
  const uint64_t magnitude = static_cast<uint64_t>(std::llabs(months));
  const uint64_t years = magnitude / 12, rest = magnitude % 12;
  if (style == IntervalStyle::kSqlStandard) {
    return absl::StrCat(negative ? "-" : "", years, "-", rest);
  }
  const bool verbose = style == IntervalStyle::kPostgresVerbose;
  const std::string_view sign = negative && !verbose ? "-" : "";
  std::string text;
  if (years != 0 || rest == 0) text = Plural(years == 0 ? "" : sign, years, "year");
  if (rest != 0 || years == 0) {
    if (years == 0) text.clear();
    absl::StrAppend(&text, text.empty() ? "" : " ", Plural(rest == 0 ? "" : sign, rest, "mon"));
  }
  if (verbose) return absl::StrCat("@ ", text, negative ? " ago" : "");
  return text;
}

std::string IntervalDayToSecondToText(int64_t micros, IntervalStyle style) {
  const DayTime parts = SplitDayTime(micros);
  const bool has_clock =
      parts.hours != 0 || parts.minutes != 0 || parts.seconds != 0 || parts.micros != 0;
  switch (style) {
    case IntervalStyle::kSqlStandard:
      return absl::StrCat(parts.negative ? "-" : "", parts.days, " ", Clock(parts, false));
    case IntervalStyle::kPostgres: {
      const std::string_view sign = parts.negative ? "-" : "";
      std::string text;
      if (parts.days != 0) text = Plural(sign, parts.days, "day");
      if (has_clock || parts.days == 0) {
        absl::StrAppend(&text, text.empty() ? "" : " ", has_clock ? sv(sign) : "",
                        Clock(parts, true));
      }
      return text;
    }
    case IntervalStyle::kPostgresVerbose: {
      std::string text = "@";
      if (parts.days != 0) absl::StrAppend(&text, " ", Plural("", parts.days, "day"));
      if (parts.hours != 0) absl::StrAppend(&text, " ", Plural("", parts.hours, "hour"));
      if (parts.minutes != 0) absl::StrAppend(&text, " ", Plural("", parts.minutes, "min"));
      if (parts.seconds != 0 || parts.micros != 0) {
        absl::StrAppend(&text, " ", parts.seconds);
        if (parts.micros != 0) absl::StrAppend(&text, ".", FractionDigits(parts.micros));
        absl::StrAppend(&text, parts.seconds == 1 && parts.micros == 0 ? " sec" : " secs");
      }
      if (text.size() == 1) text += " 0";
      if (parts.negative) text += " ago";
      return text;
    }
  }
  return "";
}

}  // namespace vesto::types
