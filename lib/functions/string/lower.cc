#include "functions/kernel_loops.h"
#include "functions/letter_case.h"

namespace vesto::functions {
namespace {

absl::Status LowerKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(call, result, AppendLower);
}

}  // namespace

void Register_string_lower(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "lower",
                     .documentation = "The string in lower case.",
                     .overloads = {Signature({kAnyVarchar}, ReturnsArgument(0), LowerKernel),
                                   Signature({kAnyChar}, ReturnsArgument(0), LowerKernel)}});
}

}  // namespace vesto::functions
