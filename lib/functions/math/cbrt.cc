#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status CbrtKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return std::cbrt(x); });
}

}  // namespace

void Register_math_cbrt(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "cbrt",
      .aliases = {"||/"},
      .documentation = "The cube root.",
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), CbrtKernel)}});
}

}  // namespace vesto::functions
