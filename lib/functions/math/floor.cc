#include "functions/decimal_digits.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status FloorOfIntegerKernel(const KernelCall& call, Vector* result) {
  return KeepDigitsOfIntegers(call, result, DigitRule::kFloor);
}

absl::Status FloorOfDecimalKernel(const KernelCall& call, Vector* result) {
  return KeepDigitsRows(call, result, DigitRule::kFloor);
}

template <typename T>
absl::Status FloorOfFloatKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T>(call, result,
                       [](T x) { return KeepDigitsOfDouble(x, 0, DigitRule::kFloor); });
}

}  // namespace

void Register_math_floor(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "floor",
      .documentation = "The largest whole number that is not greater than the number.",
      .can_fail = true,
      .overloads = {Signature({Type::Smallint()}, ReturnsArgument(0), FloorOfIntegerKernel),
                    Signature({Type::Integer()}, ReturnsArgument(0), FloorOfIntegerKernel),
                    Signature({Type::Bigint()}, ReturnsArgument(0), FloorOfIntegerKernel),
                    Signature({kAnyDecimal}, KeepDigitsType, FloorOfDecimalKernel),
                    Signature({Type::Real()}, ReturnsArgument(0), FloorOfFloatKernel<float>),
                    Signature({Type::Double()}, ReturnsArgument(0), FloorOfFloatKernel<double>)}});
}

}  // namespace vesto::functions
