#include <cmath>

#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

absl::Status SinKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, [](double x) { return std::sin(x); });
}

}  // namespace

void Register_math_sin(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "sin",
      .documentation = "The sine of an angle in radians.",
      .overloads = {Signature({Type::Double()}, Returns(Type::Double()), SinKernel)}});
}

}  // namespace vesto::functions
