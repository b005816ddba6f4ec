#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/function.h"
#include "support/status.h"
#include "types/text.h"
#include "vesto/value.h"

// Calls built-in functions by name, without the binder and the interpreter.
namespace vesto::functions {

inline Value ToValue(Value value) { return value; }
inline Value ToValue(const char* text) { return Value::UnknownText(text); }
inline Value ToValue(std::string text) { return Value::UnknownText(std::move(text)); }
inline Value ToValue(int value) { return Value::Integer(value); }
inline Value ToValue(int64_t value) { return Value::Bigint(value); }
inline Value ToValue(double value) { return Value::Double(value); }
inline Value ToValue(bool value) { return Value::Boolean(value); }

// A value written as text: V("12.50", Type::Decimal(8, 2)).
inline Value V(const std::string& text, const Type& type) {
  auto value = types::ValueFromText(text, type, types::TextContext());
  REQUIRE_OK(value);
  return *value;
}
inline Value DateOf(const std::string& text) { return V(text, Type::Date()); }
inline Value TimestampOf(const std::string& text) { return V(text, Type::Timestamp()); }

// The result of a call whose arguments are constants.
absl::StatusOr<Value> CallValues(const std::string& name, std::vector<Value> arguments,
                                 const EvalContext& context);

template <typename... Args>
absl::StatusOr<Value> Call(const std::string& name, Args... args) {
  return CallValues(name, {ToValue(std::move(args))...}, EvalContext());
}

// The result as text; "NULL"; or "22012: division by zero".
template <typename... Args>
std::string Run(const std::string& name, Args... args) {
  const auto value = Call(name, std::move(args)...);
  if (!value.ok()) return test::Describe(value.status());
  return value->is_null() ? "NULL" : types::ValueToText(*value, types::TextContext());
}

}  // namespace vesto::functions
