#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status AtanKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return std::atan(x); });
}

}  // namespace

void Register_math_atan(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "atan",
      .documentation = "The inverse tangent, in radians.",
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), AtanKernel)}});
}

}  // namespace vesto::functions
