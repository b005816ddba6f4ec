#include "functions/context_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CurrentAwsAccountKernel(const KernelCall& call, Vector* result) {
  return FillText(call, result, "000000000000");
}

}  // namespace

void Register_system_current_aws_account(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "current_aws_account",
      .documentation = "The account of the cluster: twelve zeroes, as there is none.",
      .column_name = "current_account",
      .volatility = Volatility::kStable,
      .no_parentheses = true,
      .overloads = {Signature({}, Returns(Type::Varchar(16)), CurrentAwsAccountKernel)}});
}

}  // namespace vesto::functions
