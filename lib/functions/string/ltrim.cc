#include "functions/kernel_loops.h"
#include "functions/trim.h"

namespace vesto::functions {
namespace {

absl::Status LtrimKernel(const KernelCall& call, Vector* result) {
  return TrimRows(call, result, /*front=*/true, /*back=*/false);
}

}  // namespace

void Register_string_ltrim(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "ltrim",
      .documentation = "The string without the leading characters of a set (default: blanks).",
      .overloads = {Signature({kAnyVarchar}, ReturnsArgument(0), LtrimKernel),
                    Signature({kAnyChar}, ReturnsArgument(0), LtrimKernel),
                    Signature({kAnyVarchar, kAnyVarchar}, ReturnsArgument(0), LtrimKernel),
                    Signature({kAnyChar, kAnyVarchar}, ReturnsArgument(0), LtrimKernel)}});
}

}  // namespace vesto::functions
