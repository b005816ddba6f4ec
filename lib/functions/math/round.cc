#include "functions/decimal_digits.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status RoundOfIntegerKernel(const KernelCall& call, Vector* result) {
  return KeepDigitsOfIntegers(call, result, DigitRule::kHalfAwayFromZero);
}

absl::Status RoundOfDecimalKernel(const KernelCall& call, Vector* result) {
  return KeepDigitsRows(call, result, DigitRule::kHalfAwayFromZero);
}

template <typename T>
absl::Status RoundOfFloatKernel(const KernelCall& call, Vector* result) {
  if (call.args.size() == 1) {
    return MapRows<T, T>(
        call, result, [](T x) { return KeepDigitsOfDouble(x, 0, DigitRule::kHalfAwayFromZero); });
  }
  return MapRows<T, T, int32_t>(call, result, [](T x, int32_t digits) {
    return KeepDigitsOfDouble(x, digits, DigitRule::kHalfAwayFromZero);
  });
}

}  // namespace

void Register_math_round(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "round",
      .documentation = "The number rounded half away from zero, to a number of digits after the "
                       "point (default 0; negative: before the point).",
      .can_fail = true,
      .overloads = {
          Signature({Type::Smallint()}, ReturnsArgument(0), RoundOfIntegerKernel),
          Signature({Type::Smallint(), Type::Integer()}, ReturnsArgument(0), RoundOfIntegerKernel),
          Signature({Type::Integer()}, ReturnsArgument(0), RoundOfIntegerKernel),
          Signature({Type::Integer(), Type::Integer()}, ReturnsArgument(0), RoundOfIntegerKernel),
          Signature({Type::Bigint()}, ReturnsArgument(0), RoundOfIntegerKernel),
          Signature({Type::Bigint(), Type::Integer()}, ReturnsArgument(0), RoundOfIntegerKernel),
          Signature({kAnyDecimal}, KeepDigitsType, RoundOfDecimalKernel),
          Signature({kAnyDecimal, Type::Integer()}, KeepDigitsType, RoundOfDecimalKernel),
          Signature({Type::Real()}, ReturnsArgument(0), RoundOfFloatKernel<float>),
          Signature({Type::Real(), Type::Integer()}, ReturnsArgument(0), RoundOfFloatKernel<float>),
          Signature({Type::Double()}, ReturnsArgument(0), RoundOfFloatKernel<double>),
          Signature({Type::Double(), Type::Integer()}, ReturnsArgument(0),
                    RoundOfFloatKernel<double>)}});
}

}  // namespace vesto::functions
