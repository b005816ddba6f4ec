#include "functions/decimal_digits.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status TruncOfIntegerKernel(const KernelCall& call, Vector* result) {
  return KeepDigitsOfIntegers(call, result, DigitRule::kTruncate);
}

absl::Status TruncOfDecimalKernel(const KernelCall& call, Vector* result) {
  return KeepDigitsRows(call, result, DigitRule::kTruncate);
}

template <typename T>
absl::Status TruncOfFloatKernel(const KernelCall& call, Vector* result) {
  if (call.args.size() == 1) {
    return MapRows<T, T>(call, result,
                         [](T x) { return KeepDigitsOfDouble(x, 0, DigitRule::kTruncate); });
  }
  return MapRows<T, T, int32_t>(call, result, [](T x, int32_t digits) {
    return KeepDigitsOfDouble(x, digits, DigitRule::kTruncate);
  });
}

}  // namespace

void Register_math_trunc(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "trunc",
      .documentation = "The number cut off toward zero after a number of digits (default 0); or "
                       "the date of a timestamp.",
      .can_fail = true,
      .overloads = {
          Signature({Type::Smallint()}, ReturnsArgument(0), TruncOfIntegerKernel),
          Signature({Type::Smallint(), Type::Integer()}, ReturnsArgument(0), TruncOfIntegerKernel),
          Signature({Type::Integer()}, ReturnsArgument(0), TruncOfIntegerKernel),
          Signature({Type::Integer(), Type::Integer()}, ReturnsArgument(0), TruncOfIntegerKernel),
          Signature({Type::Bigint()}, ReturnsArgument(0), TruncOfIntegerKernel),
          Signature({Type::Bigint(), Type::Integer()}, ReturnsArgument(0), TruncOfIntegerKernel),
          Signature({kAnyDecimal}, KeepDigitsType, TruncOfDecimalKernel),
          Signature({kAnyDecimal, Type::Integer()}, KeepDigitsType, TruncOfDecimalKernel),
          Signature({Type::Real()}, ReturnsArgument(0), TruncOfFloatKernel<float>),
          Signature({Type::Real(), Type::Integer()}, ReturnsArgument(0), TruncOfFloatKernel<float>),
          Signature({Type::Double()}, ReturnsArgument(0), TruncOfFloatKernel<double>),
          Signature({Type::Double(), Type::Integer()}, ReturnsArgument(0),
                    TruncOfFloatKernel<double>)}});
}

}  // namespace vesto::functions
