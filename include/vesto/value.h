#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "vesto/type.h"

namespace vesto {

// An exact decimal: unscaled * 10^-scale.
struct Decimal {
  __extension__ using Int128 = __int128;
  Int128 unscaled = 0;
  int scale = 0;

  std::string ToString() const;  // "12.30"
  double ToDouble() const;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

// One SQL value with its type: a parameter of a statement, a field of a row, a constant in a plan.
//
// What is stored, by type:
//   BOOLEAN, SMALLINT, INTEGER, BIGINT, OID   int64 (REGCLASS, REGTYPE, REGPROC: the OID)
//   DECIMAL                                   128-bit unscaled integer: 12.34 with scale 2 is 1234
//   REAL, DOUBLE PRECISION                    double
//   CHAR, VARCHAR, NAME, TEXT, SUPER          text (SUPER: compact JSON)
//   arrays, vectors, records                  text, in PostgreSQL's form: {1,2}, 1 2, (1,2)
//   VARBYTE                                   text (raw bytes)
//   DATE                                      days since 1970-01-01
//   TIME, TIMETZ                              microseconds since midnight (TIMETZ: UTC)
//   TIMESTAMP, TIMESTAMPTZ                    microseconds since 1970-01-01 00:00:00 (TIMESTAMPTZ: UTC)
//   INTERVAL YEAR TO MONTH                    months
//   INTERVAL DAY TO SECOND                    microseconds
// Thread-safety: thread-compatible.
class Value {
 public:
  __extension__ using Int128 = __int128;

  Value() = default;  // NULL of unknown type
  static Value Null(Type type = Type::Unknown());
  static Value Boolean(bool value);
  static Value Smallint(int16_t value);
  static Value Integer(int32_t value);
  static Value Bigint(int64_t value);
  static Value Decimal(Int128 unscaled, int precision, int scale);
  static Value Real(float value);
  static Value Double(double value);
  // VARCHAR as wide as the text.
  static Value Varchar(std::string text);
  // An untyped literal: takes the type that its context asks for.
  static Value UnknownText(std::string text);
  static Value Varbyte(std::string bytes);
  static Value Date(int64_t days_since_1970);
  static Value Timestamp(int64_t microseconds_since_1970);
  static Value TimestampTz(int64_t microseconds_since_1970_utc);
  // Any type that stores an integer, a double or a text as listed above.
  static Value OfInteger(Type type, Int128 value);
  static Value OfDouble(Type type, double value);
  static Value OfText(Type type, std::string text);

  const Type& type() const { return type_; }
  bool is_null() const { return null_; }

  bool boolean() const { return integer_ != 0; }
  int64_t integer() const { return static_cast<int64_t>(integer_); }
  Int128 integer128() const { return integer_; }
  double floating() const { return double_; }
  const std::string& text() const { return text_; }

  // The text that psql shows; "" for NULL. TIMESTAMPTZ is printed in UTC.
  std::string ToString() const;

  // Same type, same nullness, same stored value (no numeric conversion).
  friend bool operator==(const Value&, const Value&) = default;

 private:
  Type type_;
  bool null_ = true;
  Int128 integer_ = 0;
  double double_ = 0;
  std::string text_;
};

// A calendar date as a parameter: vesto::Date(2024, 1, 31).
Value Date(int year, int month, int day);

}  // namespace vesto
