#include "functions/context_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CurrentNamespaceKernel(const KernelCall& call, Vector* result) {
  return FillText(call, result, "00000000-0000-0000-0000-000000000000");
}

}  // namespace

void Register_system_current_namespace(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "current_namespace",
      .documentation = "The namespace of the cluster: a GUID of zeroes.",
      .volatility = Volatility::kStable,
      .no_parentheses = true,
      .overloads = {Signature({}, Returns(Type::Varchar(36)), CurrentNamespaceKernel)}});
}

}  // namespace vesto::functions
