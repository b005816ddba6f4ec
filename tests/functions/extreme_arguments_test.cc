#include <limits>
#include <vector>

#include "functions/call_function.h"
#include "functions/kernel_loops.h"
#include "types/physical_type.h"

// Every overload of every function with the most awkward values of its parameter types: any answer
// and any SQL error is fine, a crash or undefined behaviour (under the sanitizers) is not.
namespace vesto::functions {
namespace {

std::vector<Value> AwkwardValues(Type type) {
  std::vector<Value> values;
  switch (types::DefaultPhysicalType(type)) {
    case types::PhysicalType::kString: {
      if (type.id == TypeId::kUnknown) type = Type::Varchar(kVarcharMaxBytes);
      if (type.length == 0) type.length = 4000;
      for (const char* text : {"", " ", "a", "%_", "\xF0\x9F\x98\x80\xC3\xA9", "\\", "(", "day",
                               "month", "MI:SS FM9.9PR", "2020-02-29 10:00", "UTC",
                               "{\"a\":[1,null]}", "[[[", "-0x7f", "ffff", "hex", "99999"}) {
        values.push_back(Value::OfText(type, text));
      }
      values.push_back(Value::OfText(type, std::string(3000, 'x')));
      return values;
    }
    case types::PhysicalType::kFloat:
    case types::PhysicalType::kDouble:
      for (double number :
           {0.0, -1.5, 0.5, 1e308, -1e308, 1e-308, std::numeric_limits<double>::infinity(),
            std::numeric_limits<double>::quiet_NaN()}) {
        values.push_back(Value::OfDouble(type, number));
      }
      return values;
    case types::PhysicalType::kBool:
      return {Value::Boolean(false), Value::Boolean(true)};
    default:
      break;
  }
  if (type.id == TypeId::kDecimal) {
    for (const std::string& text : {std::string("0"), std::string("-1"), std::string(36, '9')}) {
      values.push_back(V(text, Type::Decimal(38, 2)));
      values.push_back(V(text.substr(0, 5), Type::Decimal(18, 9)));
    }
    return values;
  }
  if (type.id == TypeId::kDate)
    return {DateOf("0001-01-01"), DateOf("2020-02-29"), Value::Date(106'741'034),
            Value::Date(-2'440'588)};
  if (type.id == TypeId::kTime || type.id == TypeId::kTimeTz) {
    return {Value::OfInteger(type, 0), Value::OfInteger(type, int64_t{86'400'000'000})};
  }
  if (type.id == TypeId::kTimestamp || type.id == TypeId::kTimestampTz) {
    for (int64_t day : {-2'440'588, -1, 0, 18321, 106'741'034}) {
      values.push_back(Value::OfInteger(type, day * 86'400'000'000 + 1));
    }
    return values;
  }
  const int bytes = types::PhysicalSize(types::DefaultPhysicalType(type));
  const int64_t max = bytes == 8 ? INT64_MAX : (int64_t{1} << (bytes * 8 - 1)) - 1;
  for (int64_t number :
       {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{2}, int64_t{40}, max, -max, -max - 1}) {
    values.push_back(Value::OfInteger(type, number));
  }
  return values;
}

}  // namespace

TEST_CASE("no argument crashes a function", "[functions]") {
  EvalContext context;
  uint64_t random = 1;
  for (const ScalarFunction* function : BuiltinRegistry()->scalars()) {
    for (const Overload& overload : function->overloads) {
      std::vector<std::vector<Value>> choices;
      for (const Type& type : overload.parameters) choices.push_back(AwkwardValues(type));
      for (int trial = 0; trial < 300; ++trial) {
        std::vector<Value> arguments;
        std::vector<Type> types;
        std::vector<Vector> vectors;
        std::vector<const Value*> constants;
        for (const auto& choice : choices) {
          random = random * 6364136223846793005ULL + 1442695040888963407ULL;
          arguments.push_back(choice[(random >> 33) % choice.size()]);
        }
        std::string description = function->name;
        for (const Value& argument : arguments) {
          types.push_back(argument.type());
          vectors.push_back(Vector::Constant(argument));
          constants.push_back(trial % 2 == 0 ? &argument : nullptr);
          description += " [" + argument.ToString().substr(0, 40) + "]";
        }
        INFO(description);
        const BindCall bind{types, constants};
        const auto type = overload.result(bind);
        if (!type.ok()) continue;
        std::shared_ptr<const void> state;
        if (overload.prepare) {
          auto prepared = overload.prepare(bind);
          if (!prepared.ok()) continue;
          state = *prepared;
        }
        Vector result = Vector::Flat(*type);
        const KernelCall call{context, vectors, 1, nullptr, state.get(), *type};
        const absl::Status status = overload.kernel(call, &result);
        if (status.ok()) {
          static_cast<void>(result.ValueAt(0).ToString());
        } else {
          CHECK(SqlStateOf(status) != SqlState::kInternalError);
        }
      }
    }
  }
}

}  // namespace vesto::functions
