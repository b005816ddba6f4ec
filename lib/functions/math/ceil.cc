#include "functions/decimal_digits.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CeilOfIntegerKernel(const KernelCall& call, Vector* result) {
  return KeepDigitsOfIntegers(call, result, DigitRule::kCeiling);
}

absl::Status CeilOfDecimalKernel(const KernelCall& call, Vector* result) {
  return KeepDigitsRows(call, result, DigitRule::kCeiling);
}

template <typename T>
absl::Status CeilOfFloatKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T>(call, result,
                       [](T x) { return KeepDigitsOfDouble(x, 0, DigitRule::kCeiling); });
}

}  // namespace

void Register_math_ceil(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "ceil",
      .aliases = {"ceiling"},
      .documentation = "The smallest whole number that is not less than the number.",
      .can_fail = true,
      .overloads = {Signature({Type::Smallint()}, ReturnsArgument(0), CeilOfIntegerKernel),
                    Signature({Type::Integer()}, ReturnsArgument(0), CeilOfIntegerKernel),
                    Signature({Type::Bigint()}, ReturnsArgument(0), CeilOfIntegerKernel),
                    Signature({kAnyDecimal}, KeepDigitsType, CeilOfDecimalKernel),
                    Signature({Type::Real()}, ReturnsArgument(0), CeilOfFloatKernel<float>),
                    Signature({Type::Double()}, ReturnsArgument(0), CeilOfFloatKernel<double>)}});
}

}  // namespace vesto::functions
