#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status LnKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) -> absl::StatusOr<double> {
    if (x == 0) {
      return SqlError(SqlState::kInvalidArgumentForLogarithm, "cannot take logarithm of zero")
          .ToStatus();
    }
    if (x < 0) {
      return SqlError(SqlState::kInvalidArgumentForLogarithm,
                      "cannot take logarithm of a negative number")
          .ToStatus();
    }
    return std::log(x);
  });
}

}  // namespace

void Register_math_ln(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "ln",
      .aliases = {"dlog1"},
      .documentation = "The natural logarithm.",
      .can_fail = true,
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), LnKernel)}});
}

}  // namespace vesto::functions
