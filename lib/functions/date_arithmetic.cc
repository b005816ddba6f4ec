#include "functions/date_arithmetic.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "types/text.h"

namespace vesto::functions {
namespace {

using types::CivilDate;
using types::kMicrosPerDay;
using types::kMicrosPerHour;
using types::kMicrosPerMinute;
using types::kMicrosPerSecond;

constexpr int64_t kMicrosPerMilli = 1000;
// 4713-01-01 BC and 294276-12-31 AD.
constexpr int64_t kFirstDay = -2'440'588;
constexpr int64_t kLastDay = 106'741'034;
// Far beyond the calendar, far from overflow.
constexpr int64_t kMonthsMax = 4'000'000;

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }

absl::Status TimestampOutOfRange() {
  return SqlError(SqlState::kDatetimeFieldOverflow, "timestamp out of range");
}

// Year ##01 begins a century, as PostgreSQL counts.
int64_t CenturyOf(int64_t year) {
  return year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
}
int64_t MillenniumOf(int64_t year) {
  return year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
}

std::string_view DatePartName(DatePart part) {
  switch (part) {
    case DatePart::kMillennium:
      return "millennium";
    case DatePart::kCentury:
      return "century";
    case DatePart::kDecade:
      return "decade";
    case DatePart::kEpoch:
      return "epoch";
    case DatePart::kYear:
      return "year";
    case DatePart::kQuarter:
      return "quarter";
    case DatePart::kMonth:
      return "month";
    case DatePart::kWeek:
      return "week";
    case DatePart::kDayOfWeek:
      return "dow";
    case DatePart::kDayOfYear:
      return "doy";
    case DatePart::kDay:
      return "day";
    case DatePart::kHour:
      return "hour";
    case DatePart::kMinute:
      return "minute";
    case DatePart::kSecond:
      return "second";
    case DatePart::kMillisecond:
      return "millisecond";
    case DatePart::kMicrosecond:
      return "microsecond";
    case DatePart::kTimezone:
      return "timezone";
    case DatePart::kTimezoneHour:
      return "timezone_hour";
    case DatePart::kTimezoneMinute:
      return "timezone_minute";
  }
  return "";
}

absl::Status PartNotSupported(std::string_view what, DatePart part) {
  return SqlError(SqlState::kInvalidParameterValue,
                  absl::StrCat(sv(what), " units \"", sv(DatePartName(part)), "\" not supported"));
}

// Fixed lengths, up to weeks; 0 for the others.
int64_t MicrosOf(DatePart part) {
  switch (part) {
    case DatePart::kWeek:
      return 7 * kMicrosPerDay;
    case DatePart::kDay:
      return kMicrosPerDay;
    case DatePart::kHour:
      return kMicrosPerHour;
    case DatePart::kMinute:
      return kMicrosPerMinute;
    case DatePart::kSecond:
      return kMicrosPerSecond;
    case DatePart::kMillisecond:
      return kMicrosPerMilli;
    case DatePart::kMicrosecond:
      return 1;
    default:
      return 0;
  }
}

int64_t YearsOf(DatePart part) {
  switch (part) {
    case DatePart::kYear:
      return 1;
    case DatePart::kDecade:
      return 10;
    case DatePart::kCentury:
      return 100;
    case DatePart::kMillennium:
      return 1000;
    default:
      return 0;
  }
}

KernelCall WithArguments(const KernelCall& call, std::span<const Vector> args) {
  return KernelCall{call.context, args, call.rows, call.nulls, call.state, call.result_type};
}

}  // namespace

absl::Status UnknownDatePart(std::string_view name) {
  return SqlError(SqlState::kInvalidParameterValue,
                  absl::StrCat("timestamp units \"", sv(name), "\" not recognized"));
}

absl::StatusOr<DatePart> FindDatePart(std::string_view name) {
  const auto part =
      types::ParseDatePart(absl::AsciiStrToLower(absl::StripAsciiWhitespace(sv(name))));
  if (!part.has_value()) return UnknownDatePart(name);
  return *part;
}

DatePartArgument::DatePartArgument(const KernelCall& call, int index)
    : names_(call.args[index]),
      constant_(call.args[index].is_constant()),
      part_(constant_ ? FindDatePart(names_[0]) : DatePart::kDay) {}

absl::StatusOr<DatePart> DatePartArgument::At(int row) const {
  if (constant_) return part_;
  return FindDatePart(names_[row]);
}

absl::Status CheckDatePart(const BindCall& call, int index) {
  const auto name = ConstantText(call, index);
  if (!name.has_value()) return absl::OkStatus();
  return FindDatePart(*name).status();
}

absl::StatusOr<int32_t> CheckDate(int64_t day) {
  if (day < kFirstDay || day > kLastDay) return TimestampOutOfRange();
  return static_cast<int32_t>(day);
}

absl::StatusOr<int64_t> CheckTimestamp(int64_t micros) {
  VESTO_RETURN_IF_ERROR(CheckDate(types::TimestampToDays(micros)).status());
  return micros;
}

absl::StatusOr<int64_t> SpanBetween(int64_t a, int64_t b) {
  int64_t span = 0;
  if (__builtin_sub_overflow(a, b, &span)) {
    return SqlError(SqlState::kDatetimeFieldOverflow, "interval out of range");
  }
  return span;
}

absl::StatusOr<int64_t> AddMonths(int64_t micros, int64_t months) {
  if (months > kMonthsMax || months < -kMonthsMax) return TimestampOutOfRange();
  VESTO_ASSIGN_OR_RETURN(const int32_t day,
                         CheckDate(types::AddMonthsToDays(types::TimestampToDays(micros), months)));
  return DateToTimestamp(day) + types::MicrosOfDay(micros);
}

absl::StatusOr<int64_t> AddToTimestamp(DatePart part, int64_t count, int64_t micros) {
  if (const int64_t unit = MicrosOf(part); unit != 0) {
    int64_t delta = 0, sum = 0;
    if (__builtin_mul_overflow(count, unit, &delta) ||
        __builtin_add_overflow(micros, delta, &sum)) {
      return TimestampOutOfRange();
    }
    return CheckTimestamp(sum);
  }
  if (part == DatePart::kDayOfYear || part == DatePart::kDayOfWeek) {
    return AddToTimestamp(DatePart::kDay, count, micros);
  }
  if (count > kMonthsMax || count < -kMonthsMax) return TimestampOutOfRange();
  if (part == DatePart::kMonth) return AddMonths(micros, count);
  if (part == DatePart::kQuarter) return AddMonths(micros, count * 3);
  if (const int64_t years = YearsOf(part); years != 0) {
    const int64_t day = types::TimestampToDays(micros);
    const CivilDate date = types::CivilFromDays(day);
    const int64_t year = date.year + count * years;
    if (year < -4713 || year > 294'276) return TimestampOutOfRange();
    const int64_t moved =
        types::DaysFromCivil(static_cast<int>(year), date.month, 1) + date.day - 1;
    return CheckTimestamp(moved * kMicrosPerDay + types::MicrosOfDay(micros));
  }
  return PartNotSupported("timestamp", part);
}

absl::StatusOr<int64_t> AddToTime(DatePart part, int64_t count, int64_t micros) {
  const int64_t unit = MicrosOf(part);
  if (unit == 0 || unit >= kMicrosPerDay) return PartNotSupported("time", part);
  const auto sum = static_cast<int128_t>(count) * unit + micros;
  auto wrapped = static_cast<int64_t>(sum % kMicrosPerDay);
  if (wrapped < 0) wrapped += kMicrosPerDay;
  return wrapped;
}

absl::StatusOr<int64_t> CountBoundaries(DatePart part, int64_t a, int64_t b) {
  switch (part) {
    case DatePart::kHour:
    case DatePart::kMinute:
    case DatePart::kSecond:
    case DatePart::kMillisecond:
    case DatePart::kMicrosecond:
    case DatePart::kDay:
      return FloorDiv(b, MicrosOf(part)) - FloorDiv(a, MicrosOf(part));
    case DatePart::kDayOfYear:
    case DatePart::kDayOfWeek:
      return FloorDiv(b, kMicrosPerDay) - FloorDiv(a, kMicrosPerDay);
    case DatePart::kEpoch:
      return FloorDiv(b, kMicrosPerSecond) - FloorDiv(a, kMicrosPerSecond);
    case DatePart::kWeek:
      // Unverified: weeks begin on Sunday; 1970-01-01 was a Thursday.
      return FloorDiv(types::TimestampToDays(b) + 4, 7) -
             FloorDiv(types::TimestampToDays(a) + 4, 7);
    default:
      break;
  }
  const CivilDate from = types::CivilFromDays(types::TimestampToDays(a));
  const CivilDate to = types::CivilFromDays(types::TimestampToDays(b));
  switch (part) {
    case DatePart::kMonth:
      return (to.year - from.year) * int64_t{12} + to.month - from.month;
    case DatePart::kQuarter:
      return (to.year - from.year) * int64_t{4} + (to.month - 1) / 3 - (from.month - 1) / 3;
    case DatePart::kYear:
      return to.year - from.year;
    case DatePart::kDecade:
      return FloorDiv(to.year, 10) - FloorDiv(from.year, 10);
    case DatePart::kCentury:
      return CenturyOf(to.year) - CenturyOf(from.year);
    case DatePart::kMillennium:
      return MillenniumOf(to.year) - MillenniumOf(from.year);
    default:
      return PartNotSupported("timestamp", part);
  }
}

absl::StatusOr<int64_t> TruncateTimestamp(DatePart part, int64_t micros) {
  const int64_t day = types::TimestampToDays(micros);
  switch (part) {
    case DatePart::kDay:
    case DatePart::kHour:
    case DatePart::kMinute:
    case DatePart::kSecond:
    case DatePart::kMillisecond:
    case DatePart::kMicrosecond:
      return FloorDiv(micros, MicrosOf(part)) * MicrosOf(part);
    case DatePart::kWeek:  // Monday
      return (FloorDiv(day + 3, 7) * 7 - 3) * kMicrosPerDay;
    default:
      break;
  }
  const CivilDate date = types::CivilFromDays(day);
  auto first_of = [](int64_t year, int month) {
    return types::DaysFromCivil(static_cast<int>(year), month, 1) * kMicrosPerDay;
  };
  switch (part) {
    case DatePart::kMonth:
      return first_of(date.year, date.month);
    case DatePart::kQuarter:
      return first_of(date.year, (date.month - 1) / 3 * 3 + 1);
    case DatePart::kYear:
      return first_of(date.year, 1);
    case DatePart::kDecade:
      return first_of(FloorDiv(date.year, 10) * 10, 1);
    case DatePart::kCentury:
      return first_of(FloorDiv(int64_t{date.year} - 1, 100) * 100 + 1, 1);
    case DatePart::kMillennium:
      return first_of(FloorDiv(int64_t{date.year} - 1, 1000) * 1000 + 1, 1);
    default:
      return PartNotSupported("timestamp", part);
  }
}

absl::StatusOr<double> DatePartOfTimestamp(DatePart part, int64_t micros) {
  const int64_t in_minute = micros - FloorDiv(micros, kMicrosPerMinute) * kMicrosPerMinute;
  switch (part) {
    case DatePart::kSecond:
      return static_cast<double>(in_minute) / 1e6;
    case DatePart::kMillisecond:
      return static_cast<double>(in_minute) / 1e3;
    case DatePart::kMicrosecond:
      return static_cast<double>(in_minute);
    case DatePart::kEpoch:
      return static_cast<double>(micros) / 1e6;
    default: {
      VESTO_ASSIGN_OR_RETURN(const int64_t value, ExtractFromTimestamp(part, micros));
      return static_cast<double>(value);
    }
  }
}

absl::StatusOr<double> DatePartOfTime(DatePart part, int64_t micros) {
  const int64_t in_minute = micros % kMicrosPerMinute;
  switch (part) {
    case DatePart::kSecond:
      return static_cast<double>(in_minute) / 1e6;
    case DatePart::kMillisecond:
      return static_cast<double>(in_minute) / 1e3;
    case DatePart::kMicrosecond:
      return static_cast<double>(in_minute);
    case DatePart::kEpoch:
      return static_cast<double>(micros) / 1e6;
    default: {
      VESTO_ASSIGN_OR_RETURN(const int64_t value, ExtractFromTime(part, micros));
      return static_cast<double>(value);
    }
  }
}

absl::StatusOr<int64_t> ExtractFromTimestamp(DatePart part, int64_t micros) {
  const int64_t day = types::TimestampToDays(micros);
  switch (part) {
    case DatePart::kEpoch:
      return FloorDiv(micros, kMicrosPerSecond);
    case DatePart::kDayOfWeek:
      return types::DayOfWeek(day);
    case DatePart::kWeek:
      return types::IsoWeek(day);
    case DatePart::kHour:
    case DatePart::kMinute:
    case DatePart::kSecond:
    case DatePart::kMillisecond:
    case DatePart::kMicrosecond:
      return ExtractFromTime(part, types::MicrosOfDay(micros));
    default:
      break;
  }
  const CivilDate date = types::CivilFromDays(day);
  switch (part) {
    case DatePart::kDay:
      return date.day;
    case DatePart::kMonth:
      return date.month;
    case DatePart::kQuarter:
      return (date.month - 1) / 3 + 1;
    case DatePart::kYear:
      return date.year > 0 ? date.year : date.year - 1;  // 1 BC is -1
    case DatePart::kDayOfYear:
      return day - types::DaysFromCivil(date.year, 1, 1) + 1;
    // 2000..2009 is decade 201 (Developer Guide, "Date parts").
    case DatePart::kDecade:
      return FloorDiv(date.year, 10) + 1;
    case DatePart::kCentury:
      return CenturyOf(date.year);
    case DatePart::kMillennium:
      return MillenniumOf(date.year);
    default:
      return PartNotSupported("timestamp", part);
  }
}

absl::StatusOr<int64_t> ExtractFromTime(DatePart part, int64_t micros) {
  switch (part) {
    case DatePart::kHour:
      return micros / kMicrosPerHour;
    case DatePart::kMinute:
      return micros / kMicrosPerMinute % 60;
    case DatePart::kSecond:
      return micros / kMicrosPerSecond % 60;
    case DatePart::kMillisecond:
      return micros / kMicrosPerMilli % 1000;
    case DatePart::kMicrosecond:
      return micros % kMicrosPerSecond;
    case DatePart::kEpoch:
      return micros / kMicrosPerSecond;
    default:
      return PartNotSupported("time", part);
  }
}

bool IsTimezonePart(DatePart part) {
  return part == DatePart::kTimezone || part == DatePart::kTimezoneHour ||
         part == DatePart::kTimezoneMinute;
}

absl::StatusOr<int64_t> TimezonePart(DatePart part, int64_t offset_seconds) {
  switch (part) {
    case DatePart::kTimezone:
      return offset_seconds;
    case DatePart::kTimezoneHour:
      return offset_seconds / 3600;
    case DatePart::kTimezoneMinute:
      return offset_seconds / 60 % 60;
    default:
      return PartNotSupported("time zone", part);
  }
}

absl::StatusOr<int64_t> AddMonthsKeepingMonthEnd(int64_t micros, int64_t months) {
  VESTO_ASSIGN_OR_RETURN(const int64_t moved, AddMonths(micros, months));
  const CivilDate date = types::CivilFromDays(types::TimestampToDays(micros));
  if (date.day != types::DaysInMonth(date.year, date.month)) return moved;
  const CivilDate target = types::CivilFromDays(types::TimestampToDays(moved));
  return moved + (types::DaysInMonth(target.year, target.month) - target.day) * kMicrosPerDay;
}

absl::Status WithTimestamps(const KernelCall& call, Vector* result, Kernel kernel, int first) {
  std::vector<Vector> args(call.args.begin(), call.args.end());
  for (size_t i = static_cast<size_t>(first); i < args.size(); ++i) {
    if (args[i].physical() != types::PhysicalType::kString) continue;
    const Argument<std::string_view> text(call.args[i]);
    Vector parsed =
        Vector::Flat(Type::Timestamp(), types::PhysicalType::kInt64, std::max(call.rows, 1));
    const bool constant = call.args[i].is_constant();
    int64_t last = 0;
    for (int row = 0; row < call.rows; ++row) {
      int64_t value = 0;
      if (!IsNullRow(call, row)) {
        if (constant && last != 0) {
          value = last;
        } else {
          VESTO_ASSIGN_OR_RETURN(value,
                                 types::ParseTimestamp(text[row], call.context.text.datetime));
          last = value;
        }
      }
      parsed.mutable_data<int64_t>()[row] = value;
    }
    args[i] = std::move(parsed);
  }
  return kernel(WithArguments(call, args), result);
}

absl::Status WithDatesAsTimestamps(const KernelCall& call, Vector* result, Kernel kernel) {
  std::vector<Vector> args(call.args.begin(), call.args.end());
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].type().id != TypeId::kDate) continue;
    const Argument<int32_t> days(call.args[i]);
    Vector midnight =
        Vector::Flat(Type::Timestamp(), types::PhysicalType::kInt64, std::max(call.rows, 1));
    for (int row = 0; row < call.rows; ++row) {
      midnight.mutable_data<int64_t>()[row] = DateToTimestamp(days[row]);
    }
    args[i] = std::move(midnight);
  }
  return kernel(WithArguments(call, args), result);
}

absl::Status WithLocalTimestamps(const KernelCall& call, Vector* result, Kernel kernel) {
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  if (zone == absl::UTCTimeZone()) return kernel(call, result);
  std::vector<Vector> args(call.args.begin(), call.args.end());
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].type().id != TypeId::kTimestampTz) continue;
    const Argument<int64_t> utc(call.args[i]);
    Vector local =
        Vector::Flat(Type::Timestamp(), types::PhysicalType::kInt64, std::max(call.rows, 1));
    for (int row = 0; row < call.rows; ++row) {
      local.mutable_data<int64_t>()[row] = types::UtcToLocal(utc[row], zone);
    }
    args[i] = std::move(local);
  }
  return kernel(WithArguments(call, args), result);
}

}  // namespace vesto::functions
