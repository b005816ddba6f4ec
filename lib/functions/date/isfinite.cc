#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status IsfiniteKernel(const KernelCall& call, Vector* result) {
  return MapRows<uint8_t, int64_t>(call, result, [](int64_t) { return 1; });
}

}  // namespace

void Register_date_isfinite(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "isfinite",
      .documentation = "Whether a date or timestamp is finite; here all are.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({Type::Timestamp()}, Returns(Type::Boolean()), IsfiniteKernel),
                    Signature({Type::TimestampTz()}, Returns(Type::Boolean()), IsfiniteKernel)}});
}

}  // namespace vesto::functions
