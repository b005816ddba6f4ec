#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status SqrtKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) -> absl::StatusOr<double> {
    if (x < 0) {
      return SqlError(SqlState::kInvalidArgumentForPower,
                      "cannot take square root of a negative number")
          .ToStatus();
    }
    return std::sqrt(x);
  });
}

}  // namespace

void Register_math_sqrt(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "sqrt",
      .aliases = {"|/"},
      .documentation = "The square root.",
      .can_fail = true,
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), SqrtKernel)}});
}

}  // namespace vesto::functions
