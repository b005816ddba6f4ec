#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status Atan2Kernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double, double>(call, result,
                                         [](double x, double y) { return std::atan2(x, y); });
}

}  // namespace

void Register_math_atan2(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "atan2",
      .documentation = "The inverse tangent of y divided by x, in radians: ATAN2(y, x).",
      .overloads = {
          Signature({Type::Double(), Type::Double()}, Returns(Type::Double()), Atan2Kernel)}});
}

}  // namespace vesto::functions
