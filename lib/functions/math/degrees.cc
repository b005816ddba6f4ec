#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status DegreesKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return x * (180.0 / M_PI); });
}

}  // namespace

void Register_math_degrees(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "degrees",
      .documentation = "An angle in radians converted to degrees.",
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), DegreesKernel)}});
}

}  // namespace vesto::functions
