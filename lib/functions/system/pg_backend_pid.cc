#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status PgBackendPidKernel(const KernelCall& call, Vector* result) {
  std::fill_n(result->mutable_data<int32_t>(), call.rows, call.context.session_pid);
  return absl::OkStatus();
}

}  // namespace

void Register_system_pg_backend_pid(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "pg_backend_pid",
                     .documentation = "The process id of the session.",
                     .volatility = Volatility::kStable,
                     .overloads = {Signature({}, Returns(Type::Integer()), PgBackendPidKernel)}});
}

}  // namespace vesto::functions
