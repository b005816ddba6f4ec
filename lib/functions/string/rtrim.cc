#include "functions/kernel_loops.h"
#include "functions/trim.h"

namespace vesto::functions {
namespace {

absl::Status RtrimKernel(const KernelCall& call, Vector* result) {
  return TrimRows(call, result, /*front=*/false, /*back=*/true);
}

}  // namespace

void Register_string_rtrim(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "rtrim",
      .documentation = "The string without the trailing characters of a set (default: blanks).",
      .overloads = {Signature({kAnyVarchar}, ReturnsArgument(0), RtrimKernel),
                    Signature({kAnyChar}, ReturnsArgument(0), RtrimKernel),
                    Signature({kAnyVarchar, kAnyVarchar}, ReturnsArgument(0), RtrimKernel),
                    Signature({kAnyChar, kAnyVarchar}, ReturnsArgument(0), RtrimKernel)}});
}

}  // namespace vesto::functions
