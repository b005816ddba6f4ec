#include <cmath>

#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status PiKernel(const KernelCall& call, Vector* result) {
  std::fill_n(result->mutable_data<double>(), call.rows, M_PI);
  return absl::OkStatus();
}

}  // namespace

void Register_math_pi(Registry& registry) {
  registry.Add(ScalarFunction{.name = "pi",
                              .documentation = "The number pi.",
                              .overloads = {Signature({}, Returns(Type::Double()), PiKernel)}});
}

}  // namespace vesto::functions
