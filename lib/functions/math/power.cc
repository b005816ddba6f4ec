#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status PowerKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double, double>(
      call, result, [](double x, double y) -> absl::StatusOr<double> {
        if (x == 0 && y < 0) {
          return SqlError(SqlState::kInvalidArgumentForPower,
                          "zero raised to a negative power is undefined")
              .ToStatus();
        }
        if (x < 0 && std::isfinite(y) && y != std::floor(y)) {
          return SqlError(SqlState::kInvalidArgumentForPower,
                          "a negative number raised to a non-integer power yields a complex result")
              .ToStatus();
        }
        const double z = std::pow(x, y);
        if (std::isinf(z) && std::isfinite(x) && std::isfinite(y)) return FloatOverflow();
        return z;
      });
}

}  // namespace

void Register_math_power(Registry& registry) {
  registry.Add(ScalarFunction{.name = "power",
                              .aliases = {"pow", "^"},
                              .documentation = "A number raised to a power.",
                              .can_fail = true,
                              .overloads = {Signature({Type::Double(), Type::Double()},
                                                      Returns(Type::Double()), PowerKernel)}});
}

}  // namespace vesto::functions
