#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CurrentUserIdKernel(const KernelCall& call, Vector* result) {
  std::fill_n(result->mutable_data<int32_t>(), call.rows, call.context.user_id);
  return absl::OkStatus();
}

}  // namespace

void Register_system_current_user_id(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "current_user_id",
                     .documentation = "The id of the current user.",
                     .volatility = Volatility::kStable,
                     .no_parentheses = true,
                     .overloads = {Signature({}, Returns(Type::Integer()), CurrentUserIdKernel)}});
}

}  // namespace vesto::functions
