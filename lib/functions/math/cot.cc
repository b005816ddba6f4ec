#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status CotKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return 1.0 / std::tan(x); });
}

}  // namespace

void Register_math_cot(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "cot",
      .documentation = "The cotangent of an angle in radians.",
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), CotKernel)}});
}

}  // namespace vesto::functions
