#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/base/attributes.h"
#include "base/int128.h"
#include "format/datetime_pattern.h"
#include "format/load_error.h"
#include "types/datetime.h"
#include "vesto/type.h"

// One field of a text file -> one value of a column: the other half of COPY's inner loop.
//
// The functions return kNone and set `*out`, or say which load error the field is. They build no
// message: FieldParser::Reason makes it afterwards, for the few fields that fail. NULL and empty
// fields never get here (DelimitedReader marks them). Source: redshift/statements.md K, errors.md
// §2.
namespace vesto::format {

namespace internal {

// Eight ASCII digits, the first in the lowest byte -> their number.
inline bool AreDigits(uint64_t word) {
  return ((word & 0xF0F0F0F0F0F0F0F0) |
          (((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) == 0x3333333333333333;
}
inline uint32_t EightDigits(uint64_t word) {
  word -= 0x3030303030303030;
  word = word * 10 + (word >> 8);
  return static_cast<uint32_t>((((word & 0x000000FF000000FF) * 0x000F424000000064 +
                                 ((word >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >>
                                32));
}
inline uint64_t Load8(const char* text) {
  uint64_t word;
  std::memcpy(&word, text, 8);
  return word;
}
inline uint32_t Load4(const char* text) {
  uint32_t word;
  std::memcpy(&word, text, 4);
  return word;
}

// The number in 1 to 8 digits; false where something else stands among them. Reads no other byte,
// and branches on no digit: numbers of a column differ in length from row to row.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool UpToEightDigits(const char* text, size_t length,
                                                         uint64_t* out) {
  if (length == 0) return false;
  // The digits so that the last one is in the highest byte, with zeros before the first: two loads
  // that overlap, or three bytes of which two may be the same.
  const unsigned missing = static_cast<unsigned>(8 - length) * 8;
  uint64_t word = 0x3030303030303030 & ~(~uint64_t{0} << missing);
  if (length >= 4) {
    word |= static_cast<uint64_t>(Load4(text + length - 4)) << 32;
    word |= static_cast<uint64_t>(Load4(text)) << missing;
  } else {
    const auto digit = [text](size_t i) { return uint64_t{static_cast<unsigned char>(text[i])}; };
    word |= digit(length - 1) << 56 | digit(length / 2) << (missing + length / 2 * 8) |
            digit(0) << missing;
  }
  if (!AreDigits(word)) return false;
  *out = EightDigits(word);
  return true;
}

bool NineToEighteenDigits(const char* text, size_t length, uint64_t* out);
// The same for 1 to 18 digits.
inline bool UpToEighteenDigits(const char* text, size_t length, uint64_t* out) {
  if (length <= 8) return UpToEightDigits(text, length, out);
  return NineToEighteenDigits(text, length, out);
}

inline constexpr int64_t kPowersOfTen[] = {1,
                                           10,
                                           100,
                                           1000,
                                           10000,
                                           100000,
                                           1000000,
                                           10000000,
                                           100000000,
                                           1000000000,
                                           10000000000,
                                           100000000000,
                                           1000000000000,
                                           10000000000000,
                                           100000000000000,
                                           1000000000000000,
                                           10000000000000000,
                                           100000000000000000,
                                           1000000000000000000};

// Blanks around, leading zeros, 19 digits, and all errors.
LoadErrorCode ParseIntegerSlow(std::string_view text, int64_t min, int64_t max, int64_t* out);
// Any placement of the point, excess fraction digits, up to 38 digits, and all errors.
LoadErrorCode ParseDecimalSlow(std::string_view text, int precision, int scale, bool rounds,
                               int128_t* out);

// YYYY-MM-DD at `text` (10 bytes) -> days; false when it is not a date.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline bool TenByteDate(const char* text, int32_t* days) {
  // Both hyphens become digits, so that one check covers all.
  uint64_t word = Load8(text);
  if (((word >> 32) & 0xFF) != '-' || ((word >> 56) & 0xFF) != '-') return false;
  const uint64_t year_month = (word & 0xFFFFFFFF) | ((word >> 40) & 0xFFFF) << 32;
  word = year_month | uint64_t{static_cast<unsigned char>(text[8])} << 48 |
         uint64_t{static_cast<unsigned char>(text[9])} << 56;
  if (!AreDigits(word)) return false;
  const uint32_t digits = EightDigits(word);
  const uint32_t year = digits / 10000, month = digits / 100 % 100, day = digits % 100;
  constexpr uint8_t kDays[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  constexpr uint16_t kDaysBefore[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  if (year == 0 || month - 1 > 11) return false;
  const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day == 0 || day > kDays[month] + unsigned{month == 2 && is_leap}) return false;
  const uint32_t past = year - 1;
  // Days from 0001-01-01; 719162 of them before 1970-01-01.
  *days = static_cast<int32_t>(past * 365 + past / 4 - past / 100 + past / 400 +
                               kDaysBefore[month] + (month > 2 && is_leap) + day - 1) -
          719162;
  return true;
}

}  // namespace internal

// T is int16_t, int32_t or int64_t. Errors: kInvalidDigit, kIntegerOverflow.
template <typename T>
LoadErrorCode ParseInteger(std::string_view text, T* out) {
  constexpr int64_t kMax = (uint64_t{1} << (sizeof(T) * 8 - 1)) - 1;
  const char* digits = text.data();
  size_t length = text.size();
  const bool negative = length > 0 && *digits == '-';
  digits += negative;
  length -= negative;
  uint64_t value;
  if (length <= 18 && internal::UpToEighteenDigits(digits, length, &value) &&
      value <= static_cast<uint64_t>(kMax)) {
    *out = static_cast<T>(negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value));
    return LoadErrorCode::kNone;
  }
  int64_t wide;
  const LoadErrorCode code = internal::ParseIntegerSlow(text, -kMax - 1, kMax, &wide);
  if (code == LoadErrorCode::kNone) *out = static_cast<T>(wide);
  return code;
}

// DECIMAL(precision <= 19, scale). Excess fraction digits are cut, or rounded half away from zero
// (ROUNDEC). Errors: kInvalidDigit, kOutOfRange.
inline LoadErrorCode ParseDecimal64(std::string_view text, int precision, int scale, bool rounds,
                                    int64_t* out) {
  const char* digits = text.data();
  size_t length = text.size();
  const bool negative = length > 0 && *digits == '-';
  digits += negative;
  length -= negative;
  // The common cases have exactly `scale` digits after the point, or no point.
  const size_t fraction = static_cast<size_t>(scale);
  uint64_t integer;
  if (length <= 8 && internal::UpToEightDigits(digits, length, &integer)) {
    if (precision < 19 &&
        static_cast<int64_t>(integer) < internal::kPowersOfTen[precision - scale]) {
      const int64_t value = static_cast<int64_t>(integer) * internal::kPowersOfTen[scale];
      *out = negative ? -value : value;
      return LoadErrorCode::kNone;
    }
  } else if (scale > 0 && length > fraction + 1 && length <= 19 &&
             digits[length - fraction - 1] == '.') {
    uint64_t whole, part;
    if (internal::UpToEighteenDigits(digits, length - fraction - 1, &whole) &&
        internal::UpToEighteenDigits(digits + length - fraction, fraction, &part)) {
      const int64_t value =
          static_cast<int64_t>(whole) * internal::kPowersOfTen[scale] + static_cast<int64_t>(part);
      if (precision == 19 || value < internal::kPowersOfTen[precision]) {
        *out = negative ? -value : value;
        return LoadErrorCode::kNone;
      }
    }
  }
  int128_t wide;
  const LoadErrorCode code = internal::ParseDecimalSlow(text, precision, scale, rounds, &wide);
  if (code == LoadErrorCode::kNone) *out = static_cast<int64_t>(wide);
  return code;
}

// Any precision up to 38.
inline LoadErrorCode ParseDecimal128(std::string_view text, int precision, int scale, bool rounds,
                                     int128_t* out) {
  return internal::ParseDecimalSlow(text, precision, scale, rounds, out);
}

// Error: kInvalidFloat.
LoadErrorCode ParseDouble(std::string_view text, double* out);
LoadErrorCode ParseReal(std::string_view text, float* out);
// t, f, true, false, y, n, yes, no, 1, 0 in any case. Error: kInvalidBoolean.
LoadErrorCode ParseBoolean(std::string_view text, bool* out);

// Which text stands for dates or timestamps: DATEFORMAT, TIMEFORMAT.
enum class DateTimeForm : uint8_t {
  kDefault,  // YYYY-MM-DD; YYYY-MM-DD HH:MI:SS[.ffffff][offset]
  kAuto,     // what a cast from a string takes
  kPattern,
  kEpochSeconds,  // TIMEFORMAT only
  kEpochMilliseconds,
};

struct FieldParseOptions {
  DateTimeForm date_form = DateTimeForm::kDefault;
  DateTimeForm time_form = DateTimeForm::kDefault;
  std::string date_pattern;  // for kPattern
  std::string time_pattern;
  bool accept_any_date = false;
  bool round_decimals = false;
  bool truncate_columns = false;
  bool accept_invalid_chars = false;
  char invalid_char_replacement = '?';
  types::DateTimeContext datetime;
};

// The conversions that depend on COPY options.
// Thread-safety: immutable.
class FieldParser {
 public:
  // 22023 when a pattern has no meaning.
  static absl::StatusOr<FieldParser> Create(FieldParseOptions options);

  const FieldParseOptions& options() const { return options_; }

  // Days. Errors: kInvalidDate, or kLoadNull under ACCEPTANYDATE.
  LoadErrorCode ParseDate(std::string_view text, int32_t* out) const {
    if (options_.date_form == DateTimeForm::kDefault && text.size() == 10 &&
        internal::TenByteDate(text.data(), out)) {
      return LoadErrorCode::kNone;
    }
    return ParseDateSlow(text, out);
  }
  // Microseconds. Errors: kInvalidTimestamp, or kLoadNull under ACCEPTANYDATE.
  LoadErrorCode ParseTimestamp(std::string_view text, int64_t* out) const;
  LoadErrorCode ParseTimestampTz(std::string_view text, int64_t* out) const;
  LoadErrorCode ParseTime(std::string_view text, int64_t* out) const;
  LoadErrorCode ParseTimeTz(std::string_view text, int64_t* out) const;

  // VARCHAR(bytes_max): `*out` is the text, or a part of it, or lies in `*scratch`, which must then
  // be kept. `is_ascii` skips the UTF-8 check (FieldBatch::all_ascii). Errors: kInvalidUtf8,
  // kOutOfRange.
  LoadErrorCode ParseVarchar(std::string_view text, int bytes_max, bool is_ascii,
                             std::string_view* out, std::string* scratch) const;
  // CHAR(bytes_max), without trailing blanks. ASCII only.
  LoadErrorCode ParseChar(std::string_view text, int bytes_max, bool is_ascii,
                          std::string_view* out) const;
  // VARBYTE(bytes_max) from hexadecimal digits, into `*scratch`. Errors: kInvalidHex, kOutOfRange.
  LoadErrorCode ParseVarbyte(std::string_view text, int bytes_max, std::string_view* out,
                             std::string* scratch) const;

  // err_reason of a field that failed.
  std::string Reason(LoadErrorCode code, const Type& type, std::string_view text) const;

 private:
  explicit FieldParser(FieldParseOptions options) : options_(std::move(options)) {}

  LoadErrorCode ParseDateSlow(std::string_view text, int32_t* out) const;
  LoadErrorCode BadDate() const;
  LoadErrorCode BadTimestamp() const;

  FieldParseOptions options_;
  DateTimePattern date_pattern_;
  DateTimePattern time_pattern_;
};

// Where UTF-8 goes wrong first. Source: redshift/errors.md §2, sub-codes of 1220.
struct Utf8Problem {
  size_t begin = 0;
  size_t length = 0;  // bytes of the bad sequence; 0 = there is none
  int code = 0;       // 1..5, 8, 9
};
Utf8Problem FindInvalidUtf8(std::string_view text);
bool IsAscii(std::string_view text);

}  // namespace vesto::format
