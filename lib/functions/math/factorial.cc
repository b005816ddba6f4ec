#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status FactorialKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t>(call, result, [](int64_t n) -> absl::StatusOr<int64_t> {
    int64_t product = 1;
    for (int64_t i = 2; i <= n; ++i) {
      if (__builtin_mul_overflow(product, i, &product)) return OutOfRange(Type::Bigint());
    }
    return product;
  });
}

}  // namespace

void Register_math_factorial(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "factorial",
      .documentation = "The product of the whole numbers from 1 to n.",
      .locality = Locality::kLeaderOnly,
      .can_fail = true,
      .overloads = {Signature({Type::Bigint()}, Returns(Type::Bigint()), FactorialKernel)}});
}

}  // namespace vesto::functions
