#include "vesto/value.h"

#include "types/datetime.h"
#include "types/text.h"

namespace vesto {

Value Value::Null(Type type) {
  Value value;
  value.type_ = type;
  return value;
}

Value Value::OfInteger(Type type, Int128 integer) {
  Value value;
  value.type_ = type;
  value.null_ = false;
  value.integer_ = integer;
  return value;
}

Value Value::OfDouble(Type type, double floating) {
  Value value;
  value.type_ = type;
  value.null_ = false;
  value.double_ = floating;
  return value;
}

Value Value::OfText(Type type, std::string text) {
  Value value;
  value.type_ = type;
  value.null_ = false;
  value.text_ = std::move(text);
  return value;
}

Value Value::Boolean(bool value) { return OfInteger(Type::Boolean(), value ? 1 : 0); }
Value Value::Smallint(int16_t value) { return OfInteger(Type::Smallint(), value); }
Value Value::Integer(int32_t value) { return OfInteger(Type::Integer(), value); }
Value Value::Bigint(int64_t value) { return OfInteger(Type::Bigint(), value); }
Value Value::Decimal(Int128 unscaled, int precision, int scale) {
  return OfInteger(Type::Decimal(precision, scale), unscaled);
}
Value Value::Real(float value) { return OfDouble(Type::Real(), value); }
Value Value::Double(double value) { return OfDouble(Type::Double(), value); }

Value Value::Varchar(std::string text) {
  // An empty string still needs a legal width.
  const int bytes = text.empty() ? 1 : static_cast<int>(text.size());
  return OfText(Type::Varchar(bytes), std::move(text));
}

Value Value::UnknownText(std::string text) {
  // The width travels with the type, so that CASE and comparisons with a shorter string column do
  // not cut the literal.
  Type type = Type::Unknown();
  type.length = static_cast<int32_t>(text.size());
  return OfText(type, std::move(text));
}

Value Value::Varbyte(std::string bytes) {
  const int length = bytes.empty() ? 1 : static_cast<int>(bytes.size());
  return OfText(Type::Varbyte(length), std::move(bytes));
}

Value Value::Date(int64_t days_since_1970) { return OfInteger(Type::Date(), days_since_1970); }
Value Value::Timestamp(int64_t microseconds_since_1970) {
  return OfInteger(Type::Timestamp(), microseconds_since_1970);
}
Value Value::TimestampTz(int64_t microseconds_since_1970_utc) {
  return OfInteger(Type::TimestampTz(), microseconds_since_1970_utc);
}

std::string Value::ToString() const {
  if (null_) return "";
  return types::ValueToText(*this, types::TextContext{});
}

Value Date(int year, int month, int day) {
  return Value::Date(types::DaysFromCivil(year, month, day));
}

}  // namespace vesto
