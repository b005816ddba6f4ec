#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/int128.h"

// The numeric patterns of TO_CHAR and TO_NUMBER ('99G999D99S').
// Source: redshift/functions.md §7; PostgreSQL manual, "Data Type Formatting Functions".
namespace vesto::functions {

// A compiled pattern. Immutable.
class NumberFormat {
 public:
  explicit NumberFormat(std::string_view pattern);

  // Digits before and after the point (V counts as after: the value is shifted).
  int integer_digits() const { return integer_digits_; }
  int fraction_digits() const { return fraction_digits_; }

  void AppendDecimal(int128_t unscaled, int scale, std::string* out) const;
  void AppendDouble(double value, std::string* out) const;

  // The number in `text` at fraction_digits() digits after the point. 22P02 where there is none.
  absl::StatusOr<int128_t> Parse(std::string_view text) const;

 private:
  enum class Key : uint8_t;
  struct Node {
    Key key;
    std::string literal;
  };

  // `integer` has no leading zeros and `fraction` exactly fraction_digits() digits.
  void Append(bool negative, std::string_view integer, std::string_view fraction,
              std::string* out) const;

  std::vector<Node> nodes_;
  int integer_digits_ = 0;
  int fraction_digits_ = 0;
  int first_zero_ = -1;   // first 0 before the point
  int last_zero_ = -1;    // last 0 after the point
  bool shifted_ = false;  // V
  bool fill_ = true;      // no FM
  bool roman_ = false;
  bool floating_sign_ = true;  // a column before the first digit holds the sign
  bool plus_sign_ = false;     // S: it shows + too
  bool brackets_ = false;      // PR
};

}  // namespace vesto::functions
