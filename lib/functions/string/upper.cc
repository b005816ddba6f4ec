#include "functions/kernel_loops.h"
#include "functions/letter_case.h"

namespace vesto::functions {
namespace {

absl::Status UpperKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(call, result, AppendUpper);
}

}  // namespace

void Register_string_upper(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "upper",
                     .documentation = "The string in upper case.",
                     .overloads = {Signature({kAnyVarchar}, ReturnsArgument(0), UpperKernel),
                                   Signature({kAnyChar}, ReturnsArgument(0), UpperKernel)}});
}

}  // namespace vesto::functions
