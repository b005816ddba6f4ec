#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status SignOfDecimalKernel(const KernelCall& call, Vector* result) {
  const DecimalArgument value(call.args[0]);
  for (int row = 0; row < call.rows; ++row) {
    const int128_t x = value[row];
    SetDecimal(result, row, IsNullRow(call, row) ? 0 : (x > 0) - (x < 0));
  }
  return absl::OkStatus();
}

absl::Status SignKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return (x > 0) - (x < 0); });
}

}  // namespace

void Register_math_sign(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "sign",
      .documentation = "The sign of a number: -1, 0 or 1.",
      .overloads = {Signature({kAnyDecimal}, Returns(Type::Decimal(1, 0)), SignOfDecimalKernel),
                    Signature({Type::Double()}, Returns(Type::Double()), SignKernel)}});
}

}  // namespace vesto::functions
