#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status CosKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return std::cos(x); });
}

}  // namespace

void Register_math_cos(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "cos",
      .documentation = "The cosine of an angle in radians.",
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), CosKernel)}});
}

}  // namespace vesto::functions
