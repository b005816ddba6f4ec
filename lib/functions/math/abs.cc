#include <cmath>

#include "column/dispatch.h"
#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status AbsKernel(const KernelCall& call, Vector* result) {
  return column::DispatchPhysical(call.args[0].physical(), [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    if constexpr (std::is_floating_point_v<T>) {
      return MapRows<T, T>(call, result, [](T x) { return std::abs(x); });
    } else if constexpr (std::is_same_v<T, StringRef>) {
      return absl::OkStatus();
    } else {
      const Type& type = call.result_type;
      return MapRows<T, T>(call, result, [&type](T x) -> absl::StatusOr<T> {
        if (x == std::numeric_limits<T>::min() && type.id != TypeId::kDecimal) {
          return OutOfRange(type);
        }
        return static_cast<T>(x < 0 ? -x : x);
      });
    }
  });
}

}  // namespace

void Register_math_abs(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "abs",
                     .aliases = {"@"},
                     .documentation = "The absolute value of a number.",
                     .can_fail = true,
                     .overloads = {Signature({Type::Smallint()}, ReturnsArgument(0), AbsKernel),
                                   Signature({Type::Integer()}, ReturnsArgument(0), AbsKernel),
                                   Signature({Type::Bigint()}, ReturnsArgument(0), AbsKernel),
                                   Signature({kAnyDecimal}, ReturnsArgument(0), AbsKernel),
                                   Signature({Type::Real()}, ReturnsArgument(0), AbsKernel),
                                   Signature({Type::Double()}, ReturnsArgument(0), AbsKernel)}});
}

}  // namespace vesto::functions
