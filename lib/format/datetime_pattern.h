#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace vesto::format {

// A DATEFORMAT or TIMEFORMAT string of COPY, ready to read fields with: YYYY YY MM MON DD HH HH24
// HH12 MI SS AM PM, and OF for a time zone offset. Differs from the patterns of TO_DATE: HH means
// HH24, letters outside the list stand for themselves, and a fraction may follow the seconds.
// Source: redshift/statements.md K (DATEFORMAT, TIMEFORMAT).
class DateTimePattern {
 public:
  struct Value {
    int32_t days = 0;  // since 1970-01-01
    int64_t micros_of_day = 0;
    std::optional<int32_t> offset_seconds;  // east of UTC
  };

  DateTimePattern() = default;
  // 22023 `DATEFORMAT/TIMEFORMAT pattern "..." ...` when it names no part.
  static absl::StatusOr<DateTimePattern> Compile(std::string_view pattern);

  // Reads all of `text`; nullopt when it does not match or is no date. A pattern without date parts
  // gives 1970-01-01. When `allow_rest`, whatever follows the pattern is ignored (the time in a
  // field that is loaded into a DATE).
  std::optional<Value> Parse(std::string_view text, bool allow_rest) const;

 private:
  enum class Part : uint8_t {
    kLiteral,
    kYear4,
    kYear2,
    kMonth,
    kMonthName,
    kDay,
    kHour24,
    kHour12,
    kMinute,
    kSecond,
    kMeridiem,
    kOffset,
  };
  struct Item {
    Part part;
    char literal;
  };
  std::vector<Item> items_;
};

}  // namespace vesto::format
