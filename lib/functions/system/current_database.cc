#include "functions/context_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CurrentDatabaseKernel(const KernelCall& call, Vector* result) {
  return FillText(call, result, call.context.database);
}

}  // namespace

void Register_system_current_database(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "current_database",
      .documentation = "The name of the database of the session.",
      .volatility = Volatility::kStable,
      .overloads = {Signature({}, Returns(Type{TypeId::kName}), CurrentDatabaseKernel)}});
}

}  // namespace vesto::functions
