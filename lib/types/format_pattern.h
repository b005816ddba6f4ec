#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/int128.h"

// The patterns of TO_CHAR, TO_DATE, TO_TIMESTAMP and TO_NUMBER, and of COPY's DATEFORMAT and
// TIMEFORMAT, compiled once and applied to every row. Source: redshift/functions.md §7; where it is
// silent, PostgreSQL's rules. Thread-safety: immutable after Compile.
namespace vesto::types {

// 'YYYY-MM-DD HH24:MI:SS' and its kin. Text in double quotes, and every character that begins no
// keyword, stands for itself.
class DateTimePattern {
 public:
  // What Parse found: a wall clock time. Parts that the pattern lacks are those of 0001-01-01
  // 00:00:00.
  struct Parsed {
    int64_t days = 0;    // since 1970-01-01
    int64_t micros = 0;  // of the day
    bool has_offset = false;
    int offset_seconds = 0;  // east of UTC, when the pattern has OF and so does the text

    int64_t timestamp() const;  // days and micros as a timestamp
  };

  // 0A000 for a keyword that cannot be built.
  static absl::StatusOr<DateTimePattern> Compile(std::string_view pattern);

  // TIMESTAMP, DATE (at midnight) and TIME (micros of the day).
  std::string Format(int64_t micros) const;
  // TIMESTAMPTZ, in `zone`; TZ and OF print the zone.
  std::string FormatInZone(int64_t utc_micros, const absl::TimeZone& zone) const;

  // `strict` refuses what would otherwise roll over (20010631 is 2001-07-01). Errors: 22007 where
  // the text does not follow the pattern, 22008 where a field is out of range.
  absl::StatusOr<Parsed> Parse(std::string_view text, bool strict) const;

  // TZ, tz or OF: TO_DATE and TO_TIMESTAMP do not read them, COPY reads OF.
  bool has_zone() const;

 private:
  enum class Field : uint8_t {
    kLiteral,
    kEra,
    kEraDots,
    kCentury,
    kYear,
    kYear3,
    kYear2,
    kYear1,
    kYearComma,
    kIsoYear,
    kIsoYear3,
    kIsoYear2,
    kIsoYear1,
    kQuarter,
    kMonthName,
    kMonthShort,
    kMonth,
    kMonthRoman,
    kWeekOfMonth,
    kWeekOfYear,
    kIsoWeek,
    kDayName,
    kDayShort,
    kDayOfYear,
    kIsoDayOfYear,
    kDay,
    kDayOfWeek,
    kIsoDayOfWeek,
    kJulian,
    kHour24,
    kHour12,
    kMinute,
    kSecond,
    kMillisecond,
    kMicrosecond,
    kSecondsOfDay,
    kMeridiem,
    kMeridiemDots,
    kZoneName,
    kZoneOffset,
  };
  enum class Case : uint8_t { kUpper, kTitle, kLower };
  enum class Ordinal : uint8_t { kNone, kUpper, kLower };
  struct Keyword {
    std::string_view text;
    Field field;
    Case letters;
  };
  struct Element {
    Field field = Field::kLiteral;
    Case letters = Case::kUpper;
    Ordinal ordinal = Ordinal::kNone;
    bool unpadded = false;  // FM
    bool quoted = false;    // a literal in double quotes
    std::string literal;
  };
  struct Moment;

  static const Keyword* FindKeyword(std::string_view at);
  static int MaxDigits(Field field);
  std::string FormatMoment(const Moment& moment) const;

  std::vector<Element> elements_;
};

// '999D99S' and its kin: 9 0 . D , G FM PR S L $ MI PL SG RN TH V.
class NumericPattern {
 public:
  struct Parsed {
    int128_t unscaled = 0;
    int scale = 0;
  };

  // 42601 for a pattern that contradicts itself (two points, S and MI, ...).
  static absl::StatusOr<NumericPattern> Compile(std::string_view pattern);

  // A decimal; integers have scale 0. Too many digits print as #.
  std::string Format(int128_t unscaled, int scale) const;
  std::string Format(double value) const;

  // TO_NUMBER. 22P02 where the text has no number.
  absl::StatusOr<Parsed> Parse(std::string_view text) const;

  // The digits that the pattern holds: the precision and scale of TO_NUMBER's result.
  int precision() const { return whole_digits_ + fraction_digits_; }
  int scale() const { return fraction_digits_; }

 private:
  enum class Kind : uint8_t {
    kLiteral,
    kNine,
    kZero,
    kPoint,
    kGroup,
    kSign,
    kMinus,
    kPlus,
    kPlusMinus,
    kCurrency,
    kShift,
    kOrdinalUpper,
    kOrdinalLower,
  };
  enum class SignStyle : uint8_t { kLeading, kPatternFirst, kPatternLast, kBrackets, kExplicit };
  struct Element {
    Kind kind;
    char literal = 0;
  };

  // `whole` and `fraction` are digits, the fraction of exactly fraction_digits_.
  std::string FormatDigits(bool negative, std::string_view whole, std::string_view fraction) const;
  std::string FormatRoman(bool negative, std::string_view whole) const;

  std::vector<Element> elements_;
  int whole_digits_ = 0;
  int fraction_digits_ = 0;
  int shift_digits_ = 0;  // behind V
  int first_zero_ = -1;   // index among the digits before the point
  int last_zero_ = -1;    // index among the digits behind it
  SignStyle sign_ = SignStyle::kLeading;
  bool unpadded_ = false;  // FM
  bool has_point_ = false;
  bool roman_ = false;
  bool roman_lower_ = false;
};

}  // namespace vesto::types
