#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status AsinKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) -> absl::StatusOr<double> {
    if (x < -1 || x > 1) {
      return SqlError(SqlState::kNumericValueOutOfRange, "input is out of range").ToStatus();
    }
    return std::asin(x);
  });
}

}  // namespace

void Register_math_asin(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "asin",
      .documentation = "The inverse sine, in radians.",
      .can_fail = true,
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), AsinKernel)}});
}

}  // namespace vesto::functions
