#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status TanKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return std::tan(x); });
}

}  // namespace

void Register_math_tan(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "tan",
      .documentation = "The tangent of an angle in radians.",
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), TanKernel)}});
}

}  // namespace vesto::functions
