#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "column/membership.h"
#include "column/string_ref.h"

namespace vesto::column {

// The order-preserving 64-bit image of a value, in which zone maps and range predicates speak.
//   integers, dates, times, booleans: the value; DECIMAL: the unscaled value at the column's scale,
//   clamped to 64 bits; REAL, DOUBLE: see below; strings: the first eight bytes (may say "maybe").
inline constexpr int64_t kImageMin = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kImageMax = std::numeric_limits<int64_t>::max();
// NaN is above every number and equal to itself; -0 is 0.
int64_t DoubleImage(double value);
// Of a string in comparison form (no trailing blanks).
int64_t StringImage(std::string_view text);

enum class PredicateKind : uint8_t {
  kRange,     // lo <= image(x) <= hi; kImageMin and kImageMax mean "no bound" (for DECIMAL beyond
              // 64 bits too). Exact for every type but strings.
  kNotEqual,  // image(x) <> lo
  kIn,        // image(x) in `values`; `negated`: NOT IN
  kIsNull,
  kIsNotNull,
  kString,      // `strings`, any condition on one string
  kMembership,  // `membership`: a filter that a join published; may let others pass
};

// One conjunct on one column of a table, as the scan evaluates it on codes. NULLs never satisfy it
// except under kIsNull. Immutable once given to a scan.
struct ColumnPredicate {
  // Sets pass[i] to 1 where strings[i] satisfies the condition, else to 0. Called once per
  // dictionary entry, or once per row of undictionaried blocks; raw bytes, trailing blanks
  // included. Must be callable from several threads at once.
  using StringTest = std::function<void(std::span<const StringRef> strings, uint8_t* pass)>;

  int column = 0;  // index among the table's columns
  PredicateKind kind = PredicateKind::kRange;
  bool negated = false;
  int64_t lo = kImageMin;
  int64_t hi = kImageMax;
  std::vector<int64_t> values;  // kIn: sorted, distinct
  StringTest strings;
  // kString: no string outside [prefix_lo, prefix_hi] of StringImage satisfies the condition.
  int64_t prefix_lo = kImageMin;
  int64_t prefix_hi = kImageMax;
  // kString: when not empty, the condition is decided for every string that does not contain these
  // bytes: it passes exactly when `without_literal_passes`. Lets LIKE '%a%b%' search whole heaps.
  std::string literal;
  bool without_literal_passes = false;
  std::shared_ptr<const MembershipFilter> membership;

  static ColumnPredicate Range(int column, int64_t lo, int64_t hi);
  static ColumnPredicate Equal(int column, int64_t value) { return Range(column, value, value); }
  static ColumnPredicate NotEqual(int column, int64_t value);
  // Sorts and deduplicates.
  static ColumnPredicate In(int column, std::vector<int64_t> values, bool negated = false);
  static ColumnPredicate IsNull(int column, bool negated = false);
  static ColumnPredicate String(int column, StringTest test);
  // column = text in SQL's comparison (trailing blanks ignored); `negated`: <>.
  static ColumnPredicate StringEqual(int column, std::string_view text, bool negated = false);
  static ColumnPredicate Member(int column, std::shared_ptr<const MembershipFilter> filter);
};

}  // namespace vesto::column
