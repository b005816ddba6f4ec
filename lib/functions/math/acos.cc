#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status AcosKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) -> absl::StatusOr<double> {
    if (x < -1 || x > 1) {
      return SqlError(SqlState::kNumericValueOutOfRange, "input is out of range").ToStatus();
    }
    return std::acos(x);
  });
}

}  // namespace

void Register_math_acos(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "acos",
      .documentation = "The inverse cosine, in radians.",
      .can_fail = true,
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), AcosKernel)}});
}

}  // namespace vesto::functions
