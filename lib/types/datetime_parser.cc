#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "types/datetime.h"
#include "types/zone_abbreviation.h"

// Reading of dates and times. The two ISO forms that loads are made of have a fast path; every
// other form is cut into words, numbers, clocks and zones, whose meaning then follows from what
// stands beside them, as in PostgreSQL.
namespace vesto::types {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsBlank(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

constexpr int kYearMin = -4712;  // 4713 BC
constexpr int kYearMax = 294276;

enum class Target { kDate, kTime, kTimeTz, kTimestamp, kTimestampTz };

std::string_view TargetName(Target target) {
  switch (target) {
    case Target::kDate:
      return "date";
    case Target::kTime:
      return "time";
    case Target::kTimeTz:
      return "time with time zone";
    case Target::kTimestamp:
      return "timestamp";
    case Target::kTimestampTz:
      return "timestamp with time zone";
  }
  return "";
}

absl::Status InvalidSyntax(Target target, std::string_view text) {
  return SqlError(SqlState::kInvalidDatetimeFormat,
                  absl::StrCat("invalid input syntax for type ", sv(TargetName(target)), ": \"",
                               sv(text), "\""));
}
absl::Status FieldOutOfRange(std::string_view text) {
  return SqlError(SqlState::kDatetimeFieldOverflow,
                  absl::StrCat("date/time field value out of range: \"", sv(text), "\""));
}

// What a text says, before it is turned into one of the types.
struct Reading {
  std::optional<int64_t> days;
  std::optional<int64_t> micros;  // of the day; may be 24:00:00
  std::optional<int> offset;      // seconds east of UTC
  std::optional<absl::TimeZone> zone;
  bool now = false;
};

std::optional<int> MonthByName(std::string_view lower) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (lower == kMonths[i] || lower == kMonths[i].substr(0, 3)) return static_cast<int>(i) + 1;
  }
  if (lower == "sept") return 9;
  return std::nullopt;
}

bool IsDayName(std::string_view lower) {
  constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                     "thursday", "friday", "saturday"};
  for (std::string_view day : kDays) {
    if (lower == day || lower == day.substr(0, 3)) return true;
  }
  return lower == "tues" || lower == "weds" || lower == "thur" || lower == "thurs";
}

class Parser {
 public:
  Parser(std::string_view text, Target target, const DateTimeContext& context)
      : text_(text), target_(target), context_(context) {}

  absl::StatusOr<Reading> Parse();

 private:
  // A number of the date as it was written: its digits tell a year from a day.
  struct DateNumber {
    int value;
    int digits;
    bool after_month;
  };

  bool ReadToken();
  bool ReadClock(size_t begin);
  bool ReadFraction(int64_t* micros);
  bool ReadDigits();
  bool ReadWord();
  bool ReadZoneOffset();
  bool TakeCompactTime(std::string_view digits);
  bool SetClock(int hour, int minute, int second, int64_t fraction);
  absl::Status ResolveDate();

  bool WantsTimeOnly() const { return target_ == Target::kTime || target_ == Target::kTimeTz; }
  bool DateComplete() const {
    return reading_.days.has_value() || numbers_.size() + (month_ ? 1 : 0) >= 3 || year_day_;
  }
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  Target target_;
  const DateTimeContext& context_;
  size_t at_ = 0;
  Reading reading_;
  std::vector<DateNumber> numbers_;
  std::optional<int> month_;
  bool year_day_ = false;  // 2008.366, or a compact date: numbers_ is year, month, day
  bool compact_ = false;
  bool bc_ = false;
  bool ad_ = false;
  std::optional<bool> pm_;
  bool range_error_ = false;
};

bool Parser::SetClock(int hour, int minute, int second, int64_t fraction) {
  if (reading_.micros.has_value()) return false;
  if (hour > 24 || minute > 59 || second > 60 ||
      (hour == 24 && (minute != 0 || second != 0 || fraction != 0))) {
    range_error_ = true;
    return true;
  }
  reading_.micros =
      hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond + fraction;
  return true;
}

// At a point: the digits behind it as microseconds, rounded.
bool Parser::ReadFraction(int64_t* micros) {
  *micros = 0;
  if (Peek() != '.') return true;
  ++at_;
  int64_t unit = 100000;
  bool first_beyond = true;
  while (IsDigit(Peek())) {
    const int digit = text_[at_++] - '0';
    if (unit > 0) {
      *micros += digit * unit;
      unit /= 10;
    } else if (first_beyond) {
      if (digit >= 5) ++*micros;
      first_beyond = false;
    }
  }
  return true;
}

// hh:mm[:ss[.f]] from `begin`; at_ stands at the first colon.
bool Parser::ReadClock(size_t begin) {
  const auto number = [&](std::string_view digits) {
    int value = 0;
    for (char c : digits) value = value * 10 + (c - '0');
    return value;
  };
  const std::string_view hours = text_.substr(begin, at_ - begin);
  if (hours.size() > 2) return false;
  int parts[2] = {0, 0};
  for (int& part : parts) {
    if (Peek() != ':') break;
    ++at_;
    const size_t start = at_;
    while (IsDigit(Peek())) ++at_;
    if (at_ == start || at_ - start > 2) return false;
    part = number(text_.substr(start, at_ - start));
  }
  int64_t fraction = 0;
  if (!ReadFraction(&fraction)) return false;
  return SetClock(number(hours), parts[0], parts[1], fraction);
}

// hhmmss or hhmm, with a fraction at at_.
bool Parser::TakeCompactTime(std::string_view digits) {
  const auto two = [&](size_t i) { return (digits[i] - '0') * 10 + (digits[i + 1] - '0'); };
  int64_t fraction = 0;
  if (digits.size() == 6) {
    if (!ReadFraction(&fraction)) return false;
    return SetClock(two(0), two(2), two(4), fraction);
  }
  if (digits.size() == 4) return SetClock(two(0), two(2), 0, 0);
  return false;
}

bool Parser::ReadDigits() {
  const size_t begin = at_;
  while (IsDigit(Peek())) ++at_;
  const std::string_view digits = text_.substr(begin, at_ - begin);
  if (Peek() == ':') return ReadClock(begin);
  const auto number = [&](size_t from, size_t count) {
    int value = 0;
    for (size_t i = from; i < from + count; ++i) value = value * 10 + (digits[i] - '0');
    return value;
  };
  // A year and the day of the year: 2008.366.
  if (digits.size() == 4 && numbers_.empty() && !month_ && !reading_.days && Peek() == '.' &&
      IsDigit(Peek(1)) && IsDigit(Peek(2)) && IsDigit(Peek(3)) && !IsDigit(Peek(4)) &&
      Peek(4) != '.' && !WantsTimeOnly()) {
    const int day = (Peek(1) - '0') * 100 + (Peek(2) - '0') * 10 + (Peek(3) - '0');
    at_ += 4;
    const int year = number(0, 4);
    if (year < 1 || day < 1 || day > (IsLeapYear(year) ? 366 : 365)) range_error_ = true;
    reading_.days = DaysFromCivil(year, 1, 1) + day - 1;
    year_day_ = true;
    return true;
  }
  const bool date_started = !numbers_.empty() || month_.has_value();
  if (WantsTimeOnly() && !date_started && !reading_.micros &&
      (digits.size() == 6 || digits.size() == 4) && Peek() != '-' && Peek() != '/') {
    return TakeCompactTime(digits);
  }
  if (DateComplete()) return TakeCompactTime(digits);
  if (!date_started && (digits.size() == 8 || digits.size() == 6) && Peek() != '-' &&
      Peek() != '/') {
    // yyyymmdd or yymmdd
    const size_t year_digits = digits.size() - 4;
    numbers_.push_back({number(0, year_digits), static_cast<int>(year_digits), false});
    numbers_.push_back({number(year_digits, 2), 2, false});
    numbers_.push_back({number(year_digits + 2, 2), 2, false});
    compact_ = true;
    return true;
  }
  if (digits.size() > 6) return false;
  numbers_.push_back(
      {number(0, digits.size()), static_cast<int>(digits.size()), month_.has_value()});
  return true;
}

bool Parser::ReadZoneOffset() {
  const size_t begin = at_++;
  while (IsDigit(Peek()) || (Peek() == ':' && IsDigit(Peek(1)))) ++at_;
  if (reading_.offset || reading_.zone) return false;
  reading_.offset = ParseZoneOffset(text_.substr(begin, at_ - begin));
  return reading_.offset.has_value();
}

bool Parser::ReadWord() {
  const size_t begin = at_;
  while (IsLetter(Peek())) ++at_;
  std::string word = absl::AsciiStrToLower(sv(text_.substr(begin, at_ - begin)));
  if (const std::optional<int> month = MonthByName(word)) {
    if (month_ || compact_) return false;
    month_ = month;
    return true;
  }
  if (IsDayName(word)) return true;
  if (word == "am" || word == "pm") {
    pm_ = word == "pm";
    return true;
  }
  if (word == "bc" || word == "ad") {
    bc_ = word == "bc";
    ad_ = !bc_;
    return true;
  }
  // The T between the date and the time of ISO 8601.
  if (word == "t" && IsDigit(Peek()) && DateComplete()) return true;
  if (word == "j" && IsDigit(Peek())) {
    int64_t julian = 0;
    while (IsDigit(Peek())) {
      julian = std::min<int64_t>(julian * 10 + (text_[at_++] - '0'), 1'000'000'000);
    }
    if (DateComplete()) return false;
    reading_.days = julian - 2440588;
    return true;
  }
  const bool plain = !IsDigit(Peek()) && Peek() != '/' && Peek() != '_' && Peek() != '+';
  if (plain) {
    const int64_t local_now = UtcToLocal(context_.now_micros, context_.time_zone);
    const int64_t today = TimestampToDays(local_now);
    if (word == "now") {
      if (reading_.days || !numbers_.empty() || reading_.micros) return false;
      reading_.days = today;
      reading_.micros = MicrosOfDay(local_now);
      reading_.now = true;
      return true;
    }
    if (word == "today" || word == "tomorrow" || word == "yesterday" || word == "epoch") {
      if (DateComplete() || !numbers_.empty()) return false;
      reading_.days = word == "today"      ? today
                      : word == "tomorrow" ? today + 1
                      : word == "epoch"    ? 0
                                           : today - 1;
      if (word == "epoch" && !reading_.offset && !reading_.zone) {
        reading_.micros = 0;
        reading_.offset = 0;
      }
      return true;
    }
    // A fixed abbreviation, unless the word goes on as the name of a zone does (Etc-less GMT-2).
    if (!(Peek() == '-' && IsDigit(Peek(1)))) {
      if (const std::optional<int> seconds = ZoneAbbreviationSeconds(word)) {
        if (reading_.offset || reading_.zone) return false;
        reading_.offset = seconds;
        return true;
      }
    }
  }
  // A zone's name: America/New_York, EST5EDT, Etc/GMT+5, NEWZONE-2:15.
  while (IsLetter(Peek()) || IsDigit(Peek()) || Peek() == '/' || Peek() == '_' || Peek() == '+' ||
         Peek() == '-' || (Peek() == ':' && IsDigit(Peek(1)))) {
    ++at_;
  }
  if (reading_.offset || reading_.zone) return false;
  const absl::StatusOr<absl::TimeZone> zone = FindTimeZone(text_.substr(begin, at_ - begin));
  if (!zone.ok()) return false;
  reading_.zone = *zone;
  return true;
}

bool Parser::ReadToken() {
  const char c = Peek();
  if (IsDigit(c)) return ReadDigits();
  if (IsLetter(c)) return ReadWord();
  if ((c == '+' || c == '-') && IsDigit(Peek(1))) {
    const bool after_blank = at_ > 0 && IsBlank(text_[at_ - 1]);
    if (c == '+' || reading_.micros || (DateComplete() && after_blank)) return ReadZoneOffset();
    ++at_;
    return !numbers_.empty() || month_.has_value();
  }
  if (c == '.' && !reading_.micros && WantsTimeOnly()) return false;
  if (c == '-' || c == '/' || c == '.' || c == ',') {
    // Separators stand between the parts of a date.
    ++at_;
    return !numbers_.empty() || month_.has_value() || c == ',';
  }
  return false;
}

absl::Status Parser::ResolveDate() {
  if (numbers_.empty() && !month_) return absl::OkStatus();
  if (reading_.days) return InvalidSyntax(target_, text_);
  DateNumber year{}, month{}, day{};
  if (compact_) {
    year = numbers_[0];
    month = numbers_[1];
    day = numbers_[2];
  } else if (month_) {
    if (numbers_.size() != 2) return InvalidSyntax(target_, text_);
    month = {*month_, 2, false};
    const bool year_first =
        numbers_[0].digits > 2 ||
        (context_.date_order == DateOrder::kYearMonthDay && numbers_[1].digits <= 2);
    year = numbers_[year_first ? 0 : 1];
    day = numbers_[year_first ? 1 : 0];
  } else {
    if (numbers_.size() != 3) return InvalidSyntax(target_, text_);
    if (numbers_[0].digits > 2 || context_.date_order == DateOrder::kYearMonthDay) {
      year = numbers_[0];
      month = numbers_[1];
      day = numbers_[2];
    } else if (context_.date_order == DateOrder::kDayMonthYear) {
      day = numbers_[0];
      month = numbers_[1];
      year = numbers_[2];
    } else {
      month = numbers_[0];
      day = numbers_[1];
      year = numbers_[2];
    }
  }
  if (day.digits > 2 || month.digits > 2) return FieldOutOfRange(text_);
  int full_year = year.value;
  if (bc_) {
    if (full_year == 0) return FieldOutOfRange(text_);
    full_year = 1 - full_year;
  } else if (year.digits <= 2 && !ad_) {
    full_year += full_year < 70 ? 2000 : 1900;
  } else if (full_year == 0) {
    return FieldOutOfRange(text_);
  }
  if (full_year < kYearMin || full_year > kYearMax || month.value < 1 || month.value > 12 ||
      day.value < 1 || day.value > DaysInMonth(full_year, month.value)) {
    return FieldOutOfRange(text_);
  }
  reading_.days = DaysFromCivil(full_year, month.value, day.value);
  return absl::OkStatus();
}

absl::StatusOr<Reading> Parser::Parse() {
  while (true) {
    while (IsBlank(Peek())) ++at_;
    if (at_ >= text_.size()) break;
    if (!ReadToken()) return InvalidSyntax(target_, text_);
  }
  VESTO_RETURN_IF_ERROR(ResolveDate());
  if (range_error_) return FieldOutOfRange(text_);
  if (pm_.has_value()) {
    if (!reading_.micros) return InvalidSyntax(target_, text_);
    const int64_t hour = *reading_.micros / kMicrosPerHour;
    if (hour > 12) return FieldOutOfRange(text_);
    if (*pm_ && hour < 12) *reading_.micros += 12 * kMicrosPerHour;
    if (!*pm_ && hour == 12) *reading_.micros -= 12 * kMicrosPerHour;
  }
  if (reading_.days) {
    const int year = *reading_.days > 108'000'000 || *reading_.days < -3'000'000
                         ? kYearMax + 1
                         : CivilFromDays(*reading_.days).year;
    if (year < kYearMin || year > kYearMax) return FieldOutOfRange(text_);
  }
  return reading_;
}

// YYYY-MM-DD at the start of `text`; INT64_MIN where it does not stand there.
int64_t FastDate(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return INT64_MIN;
  for (size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!IsDigit(text[i])) return INT64_MIN;
  }
  const auto two = [&](size_t i) { return (text[i] - '0') * 10 + (text[i + 1] - '0'); };
  const int year = two(0) * 100 + two(2);
  const int month = two(5);
  const int day = two(8);
  if (year == 0 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) {
    return INT64_MIN;
  }
  return DaysFromCivil(year, month, day);
}

// HH:MM:SS[.f] that fills `text`; -1 where it does not.
int64_t FastTime(std::string_view text) {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return -1;
  for (size_t i : {0, 1, 3, 4, 6, 7}) {
    if (!IsDigit(text[i])) return -1;
  }
  const auto two = [&](size_t i) { return (text[i] - '0') * 10 + (text[i + 1] - '0'); };
  if (two(0) > 23 || two(3) > 59 || two(6) > 59) return -1;
  int64_t micros = two(0) * kMicrosPerHour + two(3) * kMicrosPerMinute + two(6) * kMicrosPerSecond;
  if (text.size() == 8) return micros;
  if (text[8] != '.' || text.size() > 15) return -1;
  int64_t unit = 100000;
  for (size_t i = 9; i < text.size(); ++i) {
    if (!IsDigit(text[i])) return -1;
    micros += (text[i] - '0') * unit;
    unit /= 10;
  }
  return micros;
}

// The last day of which every microsecond, in every zone, fits in 64 bits (294247-01-09): DATE
// reaches 294276 AD, TIMESTAMP, counted from 1970, does not.
constexpr int64_t kTimestampDaysMax = 106'751'989;

absl::Status TimestampOutOfRange(std::string_view text) {
  return SqlError(SqlState::kDatetimeFieldOverflow,
                  absl::StrCat("timestamp out of range: \"", sv(text), "\""));
}

// The zone that `reading` names, or the session's.
int64_t ToUtc(const Reading& reading, int64_t local, const DateTimeContext& context) {
  if (reading.offset) return local - *reading.offset * kMicrosPerSecond;
  if (reading.zone) return LocalToUtc(local, *reading.zone);
  return LocalToUtc(local, context.time_zone);
}

}  // namespace

absl::StatusOr<int64_t> ParseDate(std::string_view text, const DateTimeContext& context) {
  if (text.size() == 10) {
    if (const int64_t days = FastDate(text); days != INT64_MIN) return days;
  }
  VESTO_ASSIGN_OR_RETURN(const Reading reading, Parser(text, Target::kDate, context).Parse());
  if (!reading.days) return InvalidSyntax(Target::kDate, text);
  return *reading.days;
}

absl::StatusOr<int64_t> ParseTime(std::string_view text, const DateTimeContext& context) {
  if (const int64_t micros = FastTime(text); micros >= 0) return micros;
  VESTO_ASSIGN_OR_RETURN(const Reading reading, Parser(text, Target::kTime, context).Parse());
  if (!reading.micros || *reading.micros > kMicrosPerDay) {
    return InvalidSyntax(Target::kTime, text);
  }
  return *reading.micros;
}

absl::StatusOr<int64_t> ParseTimeTz(std::string_view text, const DateTimeContext& context) {
  VESTO_ASSIGN_OR_RETURN(const Reading reading, Parser(text, Target::kTimeTz, context).Parse());
  if (!reading.micros) return InvalidSyntax(Target::kTimeTz, text);
  // A zone with daylight saving needs a day: the one that was given, or today.
  const int64_t days = std::min(
      kTimestampDaysMax,
      reading.days.value_or(TimestampToDays(UtcToLocal(context.now_micros, context.time_zone))));
  const int64_t local = days * kMicrosPerDay + *reading.micros;
  const int64_t utc = ToUtc(reading, local, context);
  if (*reading.micros == kMicrosPerDay && utc == local) return kMicrosPerDay;
  return MicrosOfDay(utc);
}

absl::StatusOr<int64_t> ParseTimestamp(std::string_view text, const DateTimeContext& context) {
  if (const int64_t days = FastDate(text); days != INT64_MIN) {
    if (text.size() == 10) return days * kMicrosPerDay;
    if (text[10] == ' ' || text[10] == 'T') {
      if (const int64_t micros = FastTime(text.substr(11)); micros >= 0) {
        return days * kMicrosPerDay + micros;
      }
    }
  }
  VESTO_ASSIGN_OR_RETURN(const Reading reading, Parser(text, Target::kTimestamp, context).Parse());
  if (!reading.days) return InvalidSyntax(Target::kTimestamp, text);
  if (*reading.days > kTimestampDaysMax) return TimestampOutOfRange(text);
  return *reading.days * kMicrosPerDay + reading.micros.value_or(0);
}

absl::StatusOr<int64_t> ParseTimestampTz(std::string_view text, const DateTimeContext& context) {
  if (const int64_t days = FastDate(text);
      days != INT64_MIN && text.size() >= 19 && (text[10] == ' ' || text[10] == 'T')) {
    if (const int64_t micros = FastTime(text.substr(11)); micros >= 0) {
      return LocalToUtc(days * kMicrosPerDay + micros, context.time_zone);
    }
  }
  VESTO_ASSIGN_OR_RETURN(const Reading reading,
                         Parser(text, Target::kTimestampTz, context).Parse());
  if (!reading.days) return InvalidSyntax(Target::kTimestampTz, text);
  if (*reading.days > kTimestampDaysMax) return TimestampOutOfRange(text);
  if (reading.now && !reading.offset && !reading.zone) return context.now_micros;
  return ToUtc(reading, *reading.days * kMicrosPerDay + reading.micros.value_or(0), context);
}

}  // namespace vesto::types
