#include "format/field_parse.h"

#include <fast_float/fast_float.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "types/decimal.h"
#include "types/number_errors.h"

namespace vesto::format {
namespace {

std::string_view Stripped(std::string_view text) {
  return from_sv(absl::StripAsciiWhitespace(sv(text)));
}

// A number without the blanks around it and without its sign.
struct SignedText {
  bool negative = false;
  std::string_view rest;
};

SignedText TakeSign(std::string_view text) {
  SignedText result;
  result.rest = Stripped(text);
  if (!result.rest.empty() && (result.rest[0] == '-' || result.rest[0] == '+')) {
    result.negative = result.rest[0] == '-';
    result.rest.remove_prefix(1);
  }
  return result;
}

std::string_view WithoutLeadingZeros(std::string_view digits) {
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  return digits;
}

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

template <typename T>
LoadErrorCode ParseFloating(std::string_view text, T* out) {
  text = Stripped(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto result = fast_float::from_chars(text.data(), text.data() + text.size(), *out);
  if (text.empty() || result.ptr != text.data() + text.size()) return LoadErrorCode::kInvalidFloat;
  if (std::isinf(*out) && text.find_first_of("iI") == std::string_view::npos) {
    return LoadErrorCode::kInvalidFloat;
  }
  return LoadErrorCode::kNone;
}

// HH:MI:SS[.ffffff] -> microseconds; false when `text` is anything else.
bool ParseClock(std::string_view text, int64_t* micros) {
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return false;
  uint64_t hour, minute, second;
  if (!internal::UpToEightDigits(text.data(), 2, &hour) ||
      !internal::UpToEightDigits(text.data() + 3, 2, &minute) ||
      !internal::UpToEightDigits(text.data() + 6, 2, &second) || hour > 23 || minute > 59 ||
      second > 59) {
    return false;
  }
  int64_t fraction = 0;
  if (text.size() > 8) {
    if (text[8] != '.' || text.size() == 9 || !AllDigits(text.substr(9))) return false;
    int64_t unit = types::kMicrosPerSecond / 10;
    for (const char c : text.substr(9)) {
      fraction += (c - '0') * unit;
      unit /= 10;
    }
  }
  *micros = static_cast<int64_t>(hour) * types::kMicrosPerHour +
            static_cast<int64_t>(minute) * types::kMicrosPerMinute +
            static_cast<int64_t>(second) * types::kMicrosPerSecond + fraction;
  return true;
}

// YYYY-MM-DD[ HH:MI:SS[.ffffff]] -> microseconds.
bool ParseDefaultTimestamp(std::string_view text, int64_t* micros) {
  int32_t days;
  if (text.size() < 10 || !internal::TenByteDate(text.data(), &days)) return false;
  int64_t clock = 0;
  if (text.size() > 10 && (text[10] != ' ' || !ParseClock(text.substr(11), &clock))) return false;
  *micros = days * types::kMicrosPerDay + clock;
  return true;
}

// Splits an offset (+HH, -HH:MI, Z) off the end of a timestamp with a time.
bool TakeOffset(std::string_view& text, int64_t* seconds) {
  if (text.size() < 19) return false;
  if (text.back() == 'Z' || text.back() == 'z') {
    text.remove_suffix(1);
    *seconds = 0;
    return true;
  }
  const size_t sign = text.find_last_of("+-");
  if (sign == std::string_view::npos || sign < 19) return false;
  const std::string_view offset = text.substr(sign + 1);
  uint64_t hours = 0, minutes = 0;
  const bool has_colon = offset.size() == 5 && offset[2] == ':';
  if (offset.size() != 2 && offset.size() != 4 && !has_colon) return false;
  if (!internal::UpToEightDigits(offset.data(), 2, &hours) || hours > 15) return false;
  if (offset.size() > 2 &&
      (!internal::UpToEightDigits(offset.data() + offset.size() - 2, 2, &minutes) ||
       minutes > 59)) {
    return false;
  }
  *seconds = static_cast<int64_t>(hours * 60 + minutes) * 60;
  if (text[sign] == '-') *seconds = -*seconds;
  text = from_sv(absl::StripTrailingAsciiWhitespace(sv(text.substr(0, sign))));
  return true;
}

// Seconds or milliseconds since 1970, with an optional fraction.
bool ParseEpoch(std::string_view text, int scale, int64_t* micros) {
  int128_t value;
  if (internal::ParseDecimalSlow(text, 38, scale, false, &value) != LoadErrorCode::kNone) {
    return false;
  }
  // Year 1 to 294276, as TIMESTAMP holds.
  constexpr int128_t kMin = int128_t{-62135596800} * types::kMicrosPerSecond;
  constexpr int128_t kMax = int128_t{9224318016000} * types::kMicrosPerSecond;
  if (value < kMin || value >= kMax || value > std::numeric_limits<int64_t>::max()) return false;
  *micros = static_cast<int64_t>(value);
  return true;
}

std::string HexBytes(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    absl::StrAppend(&hex, hex.empty() ? "" : " ",
                    absl::StrFormat("%02x", static_cast<unsigned char>(c)));
  }
  return hex;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// U+FDD0..U+FDEF, U+xFFFE and U+xFFFF: what ACCEPTINVCHARS replaces although it is valid UTF-8.
bool IsNoncharacter(std::string_view text, size_t* length) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() >= 3 && byte(0) == 0xEF) {
    *length = 3;
    return (byte(1) == 0xB7 && byte(2) >= 0x90 && byte(2) <= 0xAF) ||
           (byte(1) == 0xBF && byte(2) >= 0xBE);
  }
  if (text.size() >= 4 && byte(0) >= 0xF0) {
    *length = 4;
    return (byte(1) & 0x0F) == 0x0F && byte(2) == 0xBF && byte(3) >= 0xBE;
  }
  return false;
}

void ReplaceInvalid(std::string_view text, char replacement, std::string& out) {
  out.clear();
  while (!text.empty()) {
    const Utf8Problem problem = FindInvalidUtf8(text);
    const size_t valid = problem.length == 0 ? text.size() : problem.begin;
    for (size_t i = 0; i < valid;) {
      size_t length = 0;
      if (IsNoncharacter(text.substr(i, valid - i), &length)) {
        out.append(length, replacement);
        i += length;
      } else {
        out += text[i++];
      }
    }
    out.append(problem.length, replacement);
    text.remove_prefix(valid + problem.length);
  }
}

bool MayHoldNoncharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xEF; });
}

size_t CutUtf8(std::string_view text, size_t bytes_max) {
  size_t end = std::min(bytes_max, text.size());
  while (end > 0 && end < text.size() && (text[end] & 0xC0) == 0x80) --end;
  return end;
}

}  // namespace

namespace internal {

bool NineToEighteenDigits(const char* text, size_t length, uint64_t* out) {
  uint64_t head = 0;
  const size_t tail = length > 16 ? 16 : 8;
  if (!UpToEightDigits(text, length - tail, &head)) return false;
  text += length - tail;
  for (size_t i = 0; i < tail; i += 8) {
    const uint64_t word = Load8(text + i);
    if (!AreDigits(word)) return false;
    head = head * 100000000 + EightDigits(word);
  }
  *out = head;
  return true;
}

LoadErrorCode ParseIntegerSlow(std::string_view text, int64_t min, int64_t max, int64_t* out) {
  const SignedText number = TakeSign(text);
  if (number.rest.empty() || !AllDigits(number.rest)) return LoadErrorCode::kInvalidDigit;
  const std::string_view digits = WithoutLeadingZeros(number.rest);
  if (digits.size() > 19) return LoadErrorCode::kIntegerOverflow;
  int128_t value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  if (number.negative) value = -value;
  if (value < min || value > max) return LoadErrorCode::kIntegerOverflow;
  *out = static_cast<int64_t>(value);
  return LoadErrorCode::kNone;
}

LoadErrorCode ParseDecimalSlow(std::string_view text, int precision, int scale, bool rounds,
                               int128_t* out) {
  const SignedText number = TakeSign(text);
  const size_t point = std::min(number.rest.find('.'), number.rest.size());
  const std::string_view whole = number.rest.substr(0, point);
  const std::string_view part =
      point < number.rest.size() ? number.rest.substr(point + 1) : std::string_view();
  if (whole.size() + part.size() == 0 || !AllDigits(whole) || !AllDigits(part)) {
    return LoadErrorCode::kInvalidDigit;
  }
  const std::string_view digits = WithoutLeadingZeros(whole);
  // At most 38 digits fit in 128 bits.
  if (static_cast<int>(digits.size()) > 38 - scale) return LoadErrorCode::kOutOfRange;
  uint128_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
  for (int i = 0; i < scale; ++i) {
    const size_t place = static_cast<size_t>(i);
    value = value * 10 + (place < part.size() ? static_cast<unsigned>(part[place] - '0') : 0);
  }
  if (rounds && part.size() > static_cast<size_t>(scale) && part[scale] >= '5') ++value;
  uint128_t limit = 1;
  for (int i = 0; i < precision; ++i) limit *= 10;
  // DECIMAL(19, s) is kept in 64 bits (redshift/types.md).
  if (precision == 19) limit = (uint128_t{1} << 63) + (number.negative ? 1 : 0);
  if (value >= limit) return LoadErrorCode::kOutOfRange;
  *out = number.negative ? -static_cast<int128_t>(value) : static_cast<int128_t>(value);
  return LoadErrorCode::kNone;
}

}  // namespace internal

LoadErrorCode ParseDouble(std::string_view text, double* out) { return ParseFloating(text, out); }
LoadErrorCode ParseReal(std::string_view text, float* out) { return ParseFloating(text, out); }

LoadErrorCode ParseBoolean(std::string_view text, bool* out) {
  text = Stripped(text);
  for (const std::string_view yes : {"t", "true", "y", "yes", "1"}) {
    if (absl::EqualsIgnoreCase(sv(text), sv(yes))) {
      *out = true;
      return LoadErrorCode::kNone;
    }
  }
  for (const std::string_view no : {"f", "false", "n", "no", "0"}) {
    if (absl::EqualsIgnoreCase(sv(text), sv(no))) {
      *out = false;
      return LoadErrorCode::kNone;
    }
  }
  return LoadErrorCode::kInvalidBoolean;
}

absl::StatusOr<FieldParser> FieldParser::Create(FieldParseOptions options) {
  FieldParser parser(std::move(options));
  const FieldParseOptions& given = parser.options_;
  if (given.date_form == DateTimeForm::kPattern) {
    VESTO_ASSIGN_OR_RETURN(parser.date_pattern_, DateTimePattern::Compile(given.date_pattern));
  }
  if (given.time_form == DateTimeForm::kPattern) {
    VESTO_ASSIGN_OR_RETURN(parser.time_pattern_, DateTimePattern::Compile(given.time_pattern));
  }
  return parser;
}

LoadErrorCode FieldParser::BadDate() const {
  return options_.accept_any_date ? LoadErrorCode::kLoadNull : LoadErrorCode::kInvalidDate;
}

LoadErrorCode FieldParser::BadTimestamp() const {
  return options_.accept_any_date ? LoadErrorCode::kLoadNull : LoadErrorCode::kInvalidTimestamp;
}

LoadErrorCode FieldParser::ParseDateSlow(std::string_view text, int32_t* out) const {
  text = Stripped(text);
  switch (options_.date_form) {
    case DateTimeForm::kPattern:
      if (const auto value = date_pattern_.Parse(text, /*allow_rest=*/true)) {
        *out = value->days;
        return LoadErrorCode::kNone;
      }
      return BadDate();
    case DateTimeForm::kAuto: {
      const auto days = types::ParseDate(text, options_.datetime);
      if (!days.ok()) return BadDate();
      *out = static_cast<int32_t>(*days);
      return LoadErrorCode::kNone;
    }
    case DateTimeForm::kDefault:
    case DateTimeForm::kEpochSeconds:
    case DateTimeForm::kEpochMilliseconds:
      break;
  }
  // A time may follow and is ignored.
  const bool has_end =
      text.size() == 10 || (text.size() > 10 && (text[10] == ' ' || text[10] == 'T'));
  if (!has_end || !internal::TenByteDate(text.data(), out)) return BadDate();
  return LoadErrorCode::kNone;
}

LoadErrorCode FieldParser::ParseTimestamp(std::string_view text, int64_t* out) const {
  switch (options_.time_form) {
    case DateTimeForm::kDefault:
      if (ParseDefaultTimestamp(text, out) || ParseDefaultTimestamp(Stripped(text), out)) {
        return LoadErrorCode::kNone;
      }
      return BadTimestamp();
    case DateTimeForm::kAuto: {
      const auto micros = types::ParseTimestamp(text, options_.datetime);
      if (!micros.ok()) return BadTimestamp();
      *out = *micros;
      return LoadErrorCode::kNone;
    }
    case DateTimeForm::kPattern:
      if (const auto value = time_pattern_.Parse(text, /*allow_rest=*/false)) {
        *out = value->days * types::kMicrosPerDay + value->micros_of_day;
        return LoadErrorCode::kNone;
      }
      return BadTimestamp();
    case DateTimeForm::kEpochSeconds:
      return ParseEpoch(text, 6, out) ? LoadErrorCode::kNone : BadTimestamp();
    case DateTimeForm::kEpochMilliseconds:
      return ParseEpoch(text, 3, out) ? LoadErrorCode::kNone : BadTimestamp();
  }
  return BadTimestamp();
}

LoadErrorCode FieldParser::ParseTimestampTz(std::string_view text, int64_t* out) const {
  const absl::TimeZone& zone = options_.datetime.time_zone;
  switch (options_.time_form) {
    case DateTimeForm::kDefault: {
      text = Stripped(text);
      int64_t offset_seconds = 0;
      const bool has_offset = TakeOffset(text, &offset_seconds);
      int64_t local;
      if (!ParseDefaultTimestamp(text, &local)) return BadTimestamp();
      *out = has_offset ? local - offset_seconds * types::kMicrosPerSecond
                        : types::LocalToUtc(local, zone);
      return LoadErrorCode::kNone;
    }
    case DateTimeForm::kAuto: {
      const auto micros = types::ParseTimestampTz(text, options_.datetime);
      if (!micros.ok()) return BadTimestamp();
      *out = *micros;
      return LoadErrorCode::kNone;
    }
    case DateTimeForm::kPattern: {
      const auto value = time_pattern_.Parse(text, /*allow_rest=*/false);
      if (!value) return BadTimestamp();
      const int64_t local = value->days * types::kMicrosPerDay + value->micros_of_day;
      *out = value->offset_seconds
                 ? local - int64_t{*value->offset_seconds} * types::kMicrosPerSecond
                 : types::LocalToUtc(local, zone);
      return LoadErrorCode::kNone;
    }
    case DateTimeForm::kEpochSeconds:
    case DateTimeForm::kEpochMilliseconds:
      return ParseTimestamp(text, out);
  }
  return BadTimestamp();
}

LoadErrorCode FieldParser::ParseTime(std::string_view text, int64_t* out) const {
  if (ParseClock(text, out)) return LoadErrorCode::kNone;
  const auto micros = types::ParseTime(text, options_.datetime);
  if (!micros.ok()) return BadTimestamp();
  *out = *micros;
  return LoadErrorCode::kNone;
}

LoadErrorCode FieldParser::ParseTimeTz(std::string_view text, int64_t* out) const {
  const auto micros = types::ParseTimeTz(text, options_.datetime);
  if (!micros.ok()) return BadTimestamp();
  *out = *micros;
  return LoadErrorCode::kNone;
}

LoadErrorCode FieldParser::ParseVarchar(std::string_view text, int bytes_max, bool is_ascii,
                                        std::string_view* out, std::string* scratch) const {
  if (!is_ascii && !IsAscii(text)) {
    const bool is_valid = simdjson::validate_utf8(text.data(), text.size());
    if (options_.accept_invalid_chars) {
      if (!is_valid || MayHoldNoncharacter(text)) {
        ReplaceInvalid(text, options_.invalid_char_replacement, *scratch);
        text = *scratch;
      }
    } else if (!is_valid) {
      return LoadErrorCode::kInvalidUtf8;
    }
  }
  if (text.size() > static_cast<size_t>(bytes_max)) {
    if (!options_.truncate_columns) return LoadErrorCode::kOutOfRange;
    text = text.substr(0, CutUtf8(text, static_cast<size_t>(bytes_max)));
  }
  *out = text;
  return LoadErrorCode::kNone;
}

LoadErrorCode FieldParser::ParseChar(std::string_view text, int bytes_max, bool is_ascii,
                                     std::string_view* out) const {
  if (!is_ascii && !IsAscii(text)) return LoadErrorCode::kInvalidUtf8;
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.size() > static_cast<size_t>(bytes_max)) {
    if (!options_.truncate_columns) return LoadErrorCode::kOutOfRange;
    text = text.substr(0, static_cast<size_t>(bytes_max));
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  }
  *out = text;
  return LoadErrorCode::kNone;
}

LoadErrorCode FieldParser::ParseVarbyte(std::string_view text, int bytes_max, std::string_view* out,
                                        std::string* scratch) const {
  text = Stripped(text);
  if (text.size() % 2 != 0) return LoadErrorCode::kInvalidHex;
  if (text.size() / 2 > static_cast<size_t>(bytes_max)) return LoadErrorCode::kOutOfRange;
  scratch->resize(text.size() / 2);
  for (size_t i = 0; i < scratch->size(); ++i) {
    const int high = HexDigit(text[i * 2]), low = HexDigit(text[i * 2 + 1]);
    if (high < 0 || low < 0) return LoadErrorCode::kInvalidHex;
    (*scratch)[i] = static_cast<char>(high << 4 | low);
  }
  *out = *scratch;
  return LoadErrorCode::kNone;
}

std::string FieldParser::Reason(LoadErrorCode code, const Type& type, std::string_view text) const {
  switch (code) {
    case LoadErrorCode::kInvalidDigit:
      return types::InvalidDigit(type, text);
    case LoadErrorCode::kIntegerOverflow:
      return std::string(types::IntegerOverflow(type));
    case LoadErrorCode::kOutOfRange:
      switch (type.id) {
        case TypeId::kChar:
          return "Char length exceeds DDL length";
        case TypeId::kDecimal:
          return absl::StrCat("Overflow for NUMERIC(", type.length, ",", type.scale, ")");
        default:
          return "String length exceeds DDL length";
      }
    case LoadErrorCode::kInvalidFloat: {
      double value = 0;
      const std::string_view number = Stripped(text);
      const auto end = fast_float::from_chars(number.data(), number.data() + number.size(), value);
      if (!number.empty() && end.ptr == number.data() + number.size()) return "Overflow for float";
      return types::InvalidDigit(type, text);
    }
    case LoadErrorCode::kInvalidBoolean:
      return "Unknown boolean format";
    case LoadErrorCode::kInvalidDate:
      if (options_.date_form == DateTimeForm::kDefault && Stripped(text).size() < 10) {
        return "Invalid Date Format - length must be 10 or more";
      }
      return absl::StrCat("Invalid date format or value [",
                          options_.date_form == DateTimeForm::kPattern ? options_.date_pattern
                          : options_.date_form == DateTimeForm::kAuto  ? "auto"
                                                                       : "YYYY-MM-DD",
                          "]");
    case LoadErrorCode::kInvalidTimestamp: {
      std::string form = "YYYY-MM-DD HH24:MI:SS";
      switch (options_.time_form) {
        case DateTimeForm::kDefault:
          break;
        case DateTimeForm::kAuto:
          form = "auto";
          break;
        case DateTimeForm::kPattern:
          form = options_.time_pattern;
          break;
        case DateTimeForm::kEpochSeconds:
          form = "epochsecs";
          break;
        case DateTimeForm::kEpochMilliseconds:
          form = "epochmillisecs";
          break;
      }
      return absl::StrCat("Invalid timestamp format or value [", form, "]");
    }
    case LoadErrorCode::kInvalidUtf8: {
      if (type.id == TypeId::kChar) {
        const auto first = std::find_if(text.begin(), text.end(), [](char c) { return c & 0x80; });
        const size_t place = static_cast<size_t>(first - text.begin());
        size_t end = place + 1;
        while (end < text.size() && end < place + 4 && (text[end] & 0xC0) == 0x80) ++end;
        return absl::StrCat(
            "Multibyte character not supported for CHAR (Hint: Try using  VARCHAR)."
            " Invalid char: ",
            HexBytes(text.substr(place, end - place)));
      }
      const Utf8Problem problem = FindInvalidUtf8(text);
      return absl::StrCat(
          "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex "
          "sequence: ",
          HexBytes(text.substr(problem.begin, problem.length)), " (error ", problem.code, ")");
    }
    case LoadErrorCode::kInvalidHex:
      return "Invalid hexadecimal digit in VARBYTE";
    case LoadErrorCode::kMissingData:
      return "Missing data for not-null field";
    case LoadErrorCode::kInvalidJson:
      return "Invalid JSON for SUPER";
    default:
      return "Unknown parse error";
  }
}

bool IsAscii(std::string_view text) {
  const char* p = text.data();
  size_t left = text.size();
  uint64_t seen = 0;
  for (; left >= 8; p += 8, left -= 8) seen |= internal::Load8(p);
  for (; left > 0; ++p, --left) seen |= static_cast<unsigned char>(*p);
  return (seen & 0x8080808080808080) == 0;
}

Utf8Problem FindInvalidUtf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  size_t i = 0;
  while (i < text.size()) {
    const unsigned char lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    if (lead < 0xC0 || lead >= 0xFE) return {i, 1, 3};
    const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : lead < 0xFC ? 5 : 6;
    for (size_t k = 1; k < length; ++k) {
      if (i + k >= text.size()) return {i, k, 2};
      if ((byte(i + k) & 0xC0) != 0x80) return {i, k, 4};
    }
    if (length > 4) return {i, length, 1};
    if (lead < 0xC2 || (lead == 0xE0 && byte(i + 1) < 0xA0) ||
        (lead == 0xF0 && byte(i + 1) < 0x90)) {
      return {i, length, 9};  // longer than the code point needs
    }
    if (lead == 0xED && byte(i + 1) >= 0xA0) return {i, length, 5};
    if (lead > 0xF4 || (lead == 0xF4 && byte(i + 1) >= 0x90)) return {i, length, 8};
    i += length;
  }
  return {};
}

}  // namespace vesto::format
