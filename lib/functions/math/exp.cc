#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status ExpKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) -> absl::StatusOr<double> {
    const double y = std::exp(x);
    if (std::isinf(y) && !std::isinf(x)) return FloatOverflow();
    return y;
  });
}

}  // namespace

void Register_math_exp(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "exp",
      .aliases = {"dexp"},
      .documentation = "e raised to a power.",
      .can_fail = true,
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), ExpKernel)}});
}

}  // namespace vesto::functions
