#include "functions/call_function.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "functions/function.h"

namespace vesto::functions {

// What the binder and the interpreter do for a call over constants: resolve, convert, prepare,
// evaluate one row.
absl::StatusOr<Value> CallValues(const std::string& name, std::vector<Value> arguments,
                                 const EvalContext& context) {
  const auto registry = BuiltinRegistry();
  const ScalarFunction* function = registry->FindScalar(name);
  if (function == nullptr) {
    return SqlError(SqlState::kUndefinedFunction, absl::StrCat("function ", name, " is missing"))
        .ToStatus();
  }
  std::vector<Type> types;
  for (const Value& argument : arguments) types.push_back(argument.type());
  bool ambiguous = false;
  const auto index = ResolveOverload(function->overloads, types, &ambiguous);
  if (!index.has_value()) {
    return SqlError(ambiguous ? SqlState::kAmbiguousFunction : SqlState::kUndefinedFunction,
                    absl::StrCat("no overload of ", name))
        .ToStatus();
  }
  const Overload& overload = function->overloads[*index];
  std::vector<Vector> vectors;
  std::vector<const Value*> constants;
  bool any_null = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    Type target = overload.parameters[std::min(i, overload.parameters.size() - 1)];
    Value& argument = arguments[i];
    if (target.id == TypeId::kUnknown) target = argument.type();
    if (target.id == TypeId::kUnknown) target = Type::Varchar(kVarcharMaxBytes);
    if (argument.is_null()) {
      argument = Value::Null(target);
      any_null = true;
    } else if (target.id != argument.type().id) {
      const std::string text = argument.type().id == TypeId::kUnknown
                                   ? argument.text()
                                   : types::ValueToText(argument, context.text);
      if (target.id == TypeId::kDecimal) target = Type::Decimal(19, 0);
      if (target.length == 0 && target.id == TypeId::kVarchar) target.length = kVarcharMaxBytes;
      VESTO_ASSIGN_OR_RETURN(argument, types::ValueFromText(text, target, context.text));
    }
    types[i] = argument.type();
    constants.push_back(&argument);
    vectors.push_back(Vector::Constant(argument));
  }
  const BindCall bind{types, constants};
  VESTO_ASSIGN_OR_RETURN(const Type result_type, overload.result(bind));
  if (any_null && function->null_rule == NullRule::kStrict) return Value::Null(result_type);
  std::shared_ptr<const void> state;
  if (overload.prepare) {
    VESTO_ASSIGN_OR_RETURN(state, overload.prepare(bind));
  }
  Vector result = Vector::Flat(result_type);
  const KernelCall call{context, vectors, 1, nullptr, state.get(), result_type};
  VESTO_RETURN_IF_ERROR(overload.kernel(call, &result));
  return result.ValueAt(0);
}

TEST_CASE("every function is documented and every overload has a result and a kernel",
          "[functions]") {
  for (const ScalarFunction* function : BuiltinRegistry()->scalars()) {
    INFO(function->name);
    CHECK(!function->documentation.empty());
    CHECK(!function->overloads.empty());
    for (const Overload& overload : function->overloads) {
      CHECK(overload.kernel != nullptr);
      CHECK(static_cast<bool>(overload.result));
    }
  }
  for (const AggregateFunction* function : BuiltinRegistry()->aggregates()) {
    INFO(function->name);
    CHECK(!function->documentation.empty());
    for (const AggregateOverload& overload : function->overloads) {
      CHECK(overload.state_bytes > 0);
      CHECK(
          (overload.update != nullptr && overload.merge != nullptr && overload.finish != nullptr));
    }
  }
}

TEST_CASE("no overload of a built-in function is ambiguous for its own parameters", "[functions]") {
  for (const ScalarFunction* function : BuiltinRegistry()->scalars()) {
    for (size_t i = 0; i < function->overloads.size(); ++i) {
      INFO(function->name << " overload " << i);
      const auto& parameters = function->overloads[i].parameters;
      if (std::any_of(parameters.begin(), parameters.end(),
                      [](const Type& type) { return type.id == TypeId::kUnknown; })) {
        continue;
      }
      bool ambiguous = false;
      CHECK(ResolveOverload(function->overloads, parameters, &ambiguous) == static_cast<int>(i));
    }
  }
}

}  // namespace vesto::functions
