#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status RadiansKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return x * (M_PI / 180.0); });
}

}  // namespace

void Register_math_radians(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "radians",
      .documentation = "An angle in degrees converted to radians.",
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), RadiansKernel)}});
}

}  // namespace vesto::functions
