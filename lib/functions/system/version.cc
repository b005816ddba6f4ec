#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status VersionKernel(const KernelCall& call, Vector* result) {
  // Clients parse this text.
  constexpr std::string_view kVersion =
      "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat "
      "3.4.2-6.fc3), Redshift 1.0.12103";
  std::fill_n(result->mutable_data<StringRef>(), call.rows, StringRef(kVersion));
  return absl::OkStatus();
}

}  // namespace

void Register_system_version(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "version",
                     .documentation = "The version text of the server, as Redshift prints it.",
                     .volatility = Volatility::kStable,
                     .locality = Locality::kLeaderOnly,
                     .overloads = {Signature({}, ReturnsLongVarchar(), VersionKernel)}});
}

}  // namespace vesto::functions
