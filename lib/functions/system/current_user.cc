#include "functions/context_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CurrentUserKernel(const KernelCall& call, Vector* result) {
  return FillText(call, result, call.context.user);
}

}  // namespace

void Register_system_current_user(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "current_user",
      .aliases = {"user"},
      .documentation = "The name of the current user.",
      .column_name = "current_user",
      .volatility = Volatility::kStable,
      .no_parentheses = true,
      .overloads = {Signature({}, Returns(Type{TypeId::kName}), CurrentUserKernel)}});
  registry.Add(ScalarFunction{
      .name = "session_user",
      .documentation = "The name of the user of the session.",
      .volatility = Volatility::kStable,
      .no_parentheses = true,
      .overloads = {Signature({}, Returns(Type{TypeId::kName}), CurrentUserKernel)}});
}

}  // namespace vesto::functions
