#include "types/text.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "types/decimal.h"
#include "types/type_rules.h"

namespace vesto::types {
namespace {

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

bool EqualsIgnoreCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (absl::ascii_tolower(static_cast<unsigned char>(text[i])) != lower[i]) return false;
  }
  return true;
}

absl::Status InvalidInput(std::string_view type, std::string_view text) {
  return SqlError(SqlState::kInvalidTextRepresentation,
                  absl::StrCat("invalid input syntax for ", sv(type), ": \"", sv(text), "\""));
}

absl::Status OutOfRange(std::string_view type, std::string_view text) {
  return SqlError(SqlState::kNumericValueOutOfRange,
                  absl::StrCat("value \"", sv(text), "\" is out of range for type ", sv(type)));
}

// printf's %.<digits>g, which does not depend on the locale here.
std::string GeneralForm(double value, int digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char buffer[64];
  const auto written = std::to_chars(buffer, buffer + sizeof(buffer), value,
                                     std::chars_format::general, std::clamp(digits, 1, 17));
  return std::string(buffer, written.ptr);
}

std::string JsonString(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        json += "\\\"";
        break;
      case '\\':
        json += "\\\\";
        break;
      case '\n':
        json += "\\n";
        break;
      case '\r':
        json += "\\r";
        break;
      case '\t':
        json += "\\t";
        break;
      case '\b':
        json += "\\b";
        break;
      case '\f':
        json += "\\f";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          absl::StrAppend(&json, "\\u", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad4));
        } else {
          json.push_back(c);
        }
    }
  }
  json.push_back('"');
  return json;
}

absl::StatusOr<Value> DecimalFromText(std::string_view text, const Type& type) {
  int scale = 0;
  const std::optional<int128_t> parsed = ParseDecimal(text, &scale);
  if (!parsed.has_value()) {
    // More digits than any DECIMAL has is an overflow; anything else is no number.
    double ignored = 0;
    const std::string_view trimmed = TrimBlanks(text);
    const auto read =
        fast_float::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), ignored);
    if (!trimmed.empty() && read.ec == std::errc() && read.ptr == trimmed.data() + trimmed.size() &&
        trimmed.find_first_of("0123456789") != std::string_view::npos) {
      return SqlError(SqlState::kNumericValueOutOfRange, "numeric field overflow");
    }
    return InvalidInput("type numeric", text);
  }
  Type target = type;
  if (target.length <= 0) {
    // NUMERIC without modifiers, as in an unconstrained conversion: the text's own digits.
    target = Type::Decimal(kDecimalMaxPrecision, std::min(scale, kDecimalMaxPrecision - 1));
  }
  const std::optional<int128_t> value =
      Rescale(*parsed, scale, target.scale, Rounding::kHalfAwayFromZero);
  if (!value.has_value() || !FitsPrecision(*value, target.length)) {
    return SqlError(SqlState::kNumericValueOutOfRange, "numeric field overflow")
        .Detail(absl::StrCat("The absolute value is greater than or equal to 10^",
                             target.length - target.scale, " for field with precision ",
                             target.length, ", scale ", target.scale, "."));
  }
  return Value::OfInteger(target, *value);
}

absl::StatusOr<Value> IntervalFromText(std::string_view text, const Type& type) {
  const bool year_month = type.id == TypeId::kIntervalYearToMonth;
  VESTO_ASSIGN_OR_RETURN(
      const Interval interval,
      ParseInterval(
          text, year_month ? "year to month" : absl::StrCat("day to second(", type.scale, ")")));
  if (year_month) return Value::OfInteger(type, interval.months);
  if (interval.months != 0) {
    return SqlError(SqlState::kInvalidDatetimeFormat,
                    "Interval Day To Second literal cannot contain year-month parts.")
        .Hint("SET interval_forbid_composite_literals TO off drops them.");
  }
  return Value::OfInteger(type, interval.micros);
}

}  // namespace

std::string ValueToText(const Value& value, const TextContext& context) {
  const Type& type = value.type();
  switch (type.id) {
    case TypeId::kBoolean:
      return value.boolean() ? "t" : "f";
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
      return absl::StrCat(value.integer());
    case TypeId::kOid:
    case TypeId::kRegclass:  // their names need a catalog: the binder sees to it
    case TypeId::kRegtype:
    case TypeId::kRegproc:
      return absl::StrCat(static_cast<uint32_t>(value.integer()));
    case TypeId::kDecimal:
      return DecimalToString(value.integer128(), type.scale);
    case TypeId::kReal:
      return FloatToText(static_cast<float>(value.floating()), context.extra_float_digits);
    case TypeId::kDouble:
      return DoubleToText(value.floating(), context.extra_float_digits);
    case TypeId::kChar: {
      std::string text = value.text();
      if (text.size() < static_cast<size_t>(std::max(type.length, 0))) {
        text.resize(static_cast<size_t>(type.length), ' ');
      }
      return text;
    }
    case TypeId::kDate:
      return DateToString(value.integer());
    case TypeId::kTime:
      return TimeToString(value.integer());
    case TypeId::kTimeTz:
      return TimeTzToString(value.integer());
    case TypeId::kTimestamp:
      return TimestampToString(value.integer());
    case TypeId::kTimestampTz:
      return TimestampTzToString(value.integer(), context.datetime.time_zone);
    case TypeId::kIntervalYearToMonth:
      return IntervalYearToMonthToString(value.integer());
    case TypeId::kIntervalDayToSecond:
      return IntervalDayToSecondToString(value.integer());
    case TypeId::kVarbyte:
      return absl::BytesToHexString(value.text());
    case TypeId::kUnknown:
    case TypeId::kVarchar:
    case TypeId::kSuper:
    case TypeId::kName:
    case TypeId::kText:
    case TypeId::kInternalChar:
    case TypeId::kInt2Vector:
    case TypeId::kOidVector:
    case TypeId::kAclItem:
    case TypeId::kRecord:
    case TypeId::kArray:
      return value.text();
  }
  return value.text();
}

absl::StatusOr<Value> ValueFromText(std::string_view text, const Type& type,
                                    const TextContext& context) {
  const auto limit = [&](size_t unlimited) {
    return type.length > 0 ? static_cast<size_t>(type.length) : unlimited;
  };
  switch (type.id) {
    case TypeId::kUnknown:
      return Value::UnknownText(std::string(text));
    case TypeId::kBoolean: {
      VESTO_ASSIGN_OR_RETURN(const bool value, BooleanFromText(text));
      return Value::Boolean(value);
    }
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
    case TypeId::kOid:
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc: {
      VESTO_ASSIGN_OR_RETURN(const int64_t value, IntegerFromText(text, type));
      return Value::OfInteger(type, value);
    }
    case TypeId::kDecimal:
      return DecimalFromText(text, type);
    case TypeId::kReal: {
      VESTO_ASSIGN_OR_RETURN(const double value, DoubleFromText(text));
      const float narrow = static_cast<float>(value);
      if (std::isfinite(value) && (std::isinf(narrow) || (narrow == 0 && value != 0))) {
        return OutOfRange("real", text);
      }
      return Value::Real(narrow);
    }
    case TypeId::kDouble: {
      VESTO_ASSIGN_OR_RETURN(const double value, DoubleFromText(text));
      return Value::Double(value);
    }
    case TypeId::kChar: {
      const std::string_view cut = TruncateUtf8(text, limit(kCharMaxBytes));
      return Value::OfText(type, std::string(TrimTrailingBlanks(cut)));
    }
    case TypeId::kVarchar:
      return Value::OfText(type, std::string(TruncateUtf8(text, limit(text.size()))));
    case TypeId::kText:
    case TypeId::kInt2Vector:
    case TypeId::kOidVector:
    case TypeId::kAclItem:
    case TypeId::kRecord:
      return Value::OfText(type, std::string(text));
    case TypeId::kArray: {
      const std::string_view trimmed = TrimBlanks(text);
      if (trimmed.size() < 2 || trimmed.front() != '{' || trimmed.back() != '}') {
        return SqlError(SqlState::kInvalidTextRepresentation,
                        absl::StrCat("malformed array literal: \"", sv(text), "\""))
            .Detail("Array value must start with \"{\" and end with \"}\".");
      }
      return Value::OfText(type, std::string(trimmed));
    }
    case TypeId::kName:
      return Value::OfText(type, std::string(TruncateUtf8(text, 127)));
    case TypeId::kInternalChar:
      return Value::OfText(type, std::string(text.substr(0, 1)));
    case TypeId::kVarbyte:
      return Value::OfText(type, std::string(text.substr(0, limit(text.size()))));
    case TypeId::kSuper:
      return Value::OfText(type, JsonString(text));
    case TypeId::kDate: {
      VESTO_ASSIGN_OR_RETURN(const int64_t value, ParseDate(text, context.datetime));
      return Value::OfInteger(type, value);
    }
    case TypeId::kTime: {
      VESTO_ASSIGN_OR_RETURN(const int64_t value, ParseTime(text, context.datetime));
      return Value::OfInteger(type, value);
    }
    case TypeId::kTimeTz: {
      VESTO_ASSIGN_OR_RETURN(const int64_t value, ParseTimeTz(text, context.datetime));
      return Value::OfInteger(type, value);
    }
    case TypeId::kTimestamp: {
      VESTO_ASSIGN_OR_RETURN(const int64_t value, ParseTimestamp(text, context.datetime));
      return Value::OfInteger(type, value);
    }
    case TypeId::kTimestampTz: {
      VESTO_ASSIGN_OR_RETURN(const int64_t value, ParseTimestampTz(text, context.datetime));
      return Value::OfInteger(type, value);
    }
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond:
      return IntervalFromText(text, type);
  }
  return InvalidInput("type", text);
}

std::string DoubleToText(double value, int extra_float_digits) {
  return GeneralForm(value, 15 + extra_float_digits);
}

std::string FloatToText(float value, int extra_float_digits) {
  return GeneralForm(static_cast<double>(value), 6 + extra_float_digits);
}

absl::StatusOr<double> DoubleFromText(std::string_view text) {
  std::string_view body = TrimBlanks(text);
  const bool negative = !body.empty() && body[0] == '-';
  std::string_view magnitude = body;
  if (!body.empty() && (body[0] == '-' || body[0] == '+')) magnitude.remove_prefix(1);
  if (EqualsIgnoreCase(body, "nan")) return std::numeric_limits<double>::quiet_NaN();
  if (EqualsIgnoreCase(magnitude, "infinity") || EqualsIgnoreCase(magnitude, "inf")) {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
  }
  // fast_float would take "nan(1)" and a second sign.
  if (magnitude.empty() ||
      !(absl::ascii_isdigit(static_cast<unsigned char>(magnitude[0])) || magnitude[0] == '.')) {
    return InvalidInput("type double precision", text);
  }
  double value = 0;
  const char* const end = magnitude.data() + magnitude.size();
  const auto read = fast_float::from_chars(magnitude.data(), end, value);
  if (read.ptr != end || (read.ec != std::errc() && read.ec != std::errc::result_out_of_range)) {
    return InvalidInput("type double precision", text);
  }
  const std::string_view mantissa = magnitude.substr(0, magnitude.find_first_of("eE"));
  const bool nonzero = mantissa.find_first_of("123456789") != std::string_view::npos;
  if (std::isinf(value) || (value == 0 && nonzero)) {
    return SqlError(SqlState::kNumericValueOutOfRange,
                    absl::StrCat("\"", sv(text), "\" is out of range for type double precision"));
  }
  return negative ? -value : value;
}

absl::StatusOr<bool> BooleanFromText(std::string_view text) {
  const std::string_view body = TrimBlanks(text);
  for (std::string_view word : {"t", "true", "y", "yes", "1"}) {
    if (EqualsIgnoreCase(body, word)) return true;
  }
  for (std::string_view word : {"f", "false", "n", "no", "0"}) {
    if (EqualsIgnoreCase(body, word)) return false;
  }
  return InvalidInput("type boolean", text);
}

absl::StatusOr<int64_t> IntegerFromText(std::string_view text, const Type& type) {
  const std::string_view kind = type.id == TypeId::kBigint ? std::string_view("type bigint")
                                : IsOidLike(type)               ? std::string_view("type oid")
                                                           : std::string_view("integer");
  std::string_view body = TrimBlanks(text);
  bool negative = false;
  if (!body.empty() && (body[0] == '-' || body[0] == '+')) {
    negative = body[0] == '-';
    body.remove_prefix(1);
  }
  if (body.empty()) return InvalidInput(kind, text);
  uint64_t magnitude = 0;
  bool overflow = false;
  for (const char c : body) {
    if (c < '0' || c > '9') return InvalidInput(kind, text);
    overflow |= __builtin_mul_overflow(magnitude, uint64_t{10}, &magnitude);
    overflow |= __builtin_add_overflow(magnitude, static_cast<uint64_t>(c - '0'), &magnitude);
  }
  uint64_t positive_max = 0;
  switch (type.id) {
    case TypeId::kSmallint:
      positive_max = std::numeric_limits<int16_t>::max();
      break;
    case TypeId::kInteger:
      positive_max = std::numeric_limits<int32_t>::max();
      break;
    case TypeId::kOid:
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc:
      positive_max = std::numeric_limits<uint32_t>::max();
      break;
    default:
      positive_max = std::numeric_limits<int64_t>::max();
      break;
  }
  if (overflow || magnitude > positive_max + (negative ? 1 : 0)) {
    return OutOfRange(type.ToString(), text);
  }
  return static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
}

std::string_view TruncateUtf8(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  // Text that is no UTF-8 at all has no character to keep whole.
  if (max_bytes - end > 3) end = max_bytes;
  return text.substr(0, end);
}

std::string_view TrimTrailingBlanks(std::string_view text) {
  size_t end = text.size();
  while (end > 0 && text[end - 1] == ' ') --end;
  return text.substr(0, end);
}

}  // namespace vesto::types
