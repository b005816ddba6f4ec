#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "types/datetime.h"
#include "vesto/value.h"

namespace vesto::types {

// How values are printed and read in one session.
struct TextContext {
  DateTimeContext datetime;
  int extra_float_digits = 0;
};

// The text form of a non-NULL value, as a client sees it. CHAR is padded to its length.
std::string ValueToText(const Value& value, const TextContext& context);

// Reads `text` as a value of `type`, as an explicit cast from a string does: blanks around numbers
// and dates are ignored, strings are cut to the length. Errors carry Redshift's message and state
// (22P02 `invalid input syntax for integer: "x"`, 22003, 22007, ...).
absl::StatusOr<Value> ValueFromText(std::string_view text, const Type& type,
                                    const TextContext& context);

// Shortest-of-15-digits form of psql: 0.1, 1e+20, NaN, Infinity.
std::string DoubleToText(double value, int extra_float_digits = 0);
std::string FloatToText(float value, int extra_float_digits = 0);
// nullopt-free reading with PostgreSQL's errors: 22P02 syntax, 22003 out of range.
absl::StatusOr<double> DoubleFromText(std::string_view text);
absl::StatusOr<bool> BooleanFromText(std::string_view text);
absl::StatusOr<int64_t> IntegerFromText(std::string_view text, const Type& type);

// Cuts a UTF-8 string to at most `max_bytes` without splitting a character.
std::string_view TruncateUtf8(std::string_view text, size_t max_bytes);
// `text` without trailing blanks: the form in which strings are compared.
std::string_view TrimTrailingBlanks(std::string_view text);

}  // namespace vesto::types
