#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status TruncOfTimestampKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int64_t>(call, result, types::TimestampToDays);
}

absl::Status TruncOfDateKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int32_t>(call, result, [](int32_t day) { return day; });
}

}  // namespace

void Register_date_trunc(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "trunc",
      .documentation = "The date of a timestamp.",
      .overloads = {Signature({Type::Timestamp()}, Returns(Type::Date()), TruncOfTimestampKernel),
                    Signature({Type::Date()}, Returns(Type::Date()), TruncOfDateKernel),
                    Signature({Type::TimestampTz()}, Returns(Type::Date()),
                              OnTimestampTzKernel<TruncOfTimestampKernel>)}});
}

}  // namespace vesto::functions
