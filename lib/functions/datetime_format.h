#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

// The patterns of TO_CHAR, TO_DATE and TO_TIMESTAMP ('YYYY-MM-DD HH24:MI:SS').
// Source: redshift/functions.md §7; PostgreSQL manual, "Data Type Formatting Functions".
namespace vesto::functions {

// A point of time taken apart as the patterns need it.
struct FormatMoment {
  int64_t day = 0;         // since 1970-01-01
  int64_t micros = 0;      // of that day
  bool has_zone = false;   // TIMESTAMPTZ: TZ and OF print something
  std::string zone;        // abbreviation: UTC, PST
  int offset_seconds = 0;  // east of UTC

  static FormatMoment OfTimestamp(int64_t micros);
  static FormatMoment OfTimestampTz(int64_t utc_micros, const absl::TimeZone& zone);
};

// A compiled pattern. Immutable.
class DateTimeFormat {
 public:
  explicit DateTimeFormat(std::string_view pattern);

  void Append(const FormatMoment& moment, std::string* out) const;

  // Reads `text` as a timestamp without zone. Parts that the text lacks default to 0001-01-01
  // 00:00:00. Values beyond their range roll over (2001-06-31 is 2001-07-01) unless `strict`,
  // which refuses them with 22008. 22007 where a field is no number or name.
  absl::StatusOr<int64_t> Parse(std::string_view text, bool strict) const;

 private:
  enum class Key : uint8_t;
  struct KeywordEntry;
  struct Node {
    Key key;
    bool fill = true;        // no FM before it
    char ordinal = 0;        // 'T': TH, 't': th
    char letter_case = 'U';  // of names: U, C (first letter), l
    std::string literal;
  };
  static const KeywordEntry* FindKeyword(std::string_view rest);
  bool NextIsDigits(size_t index) const;

  std::vector<Node> nodes_;
};

// One-off use.
std::string FormatDateTime(std::string_view pattern, const FormatMoment& moment);

}  // namespace vesto::functions
