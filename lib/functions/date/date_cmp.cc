#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// The comparisons of dates and timestamps that answer -1, 0 or 1. Mixed ones convert their
// arguments as an operator does.
template <typename T>
absl::Status DateCmpKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, T, T>(call, result, [](T a, T b) { return (a > b) - (a < b); });
}

void AddDateCmp(Registry& registry, const char* name, Type type, Kernel kernel,
                Locality locality = Locality::kAnywhere) {
  registry.Add(
      ScalarFunction{.name = name,
                     .documentation = "Compares two dates or times: -1, 0 or 1.",
                     .locality = locality,
                     .overloads = {Signature({type, type}, Returns(Type::Integer()), kernel)}});
}

}  // namespace

void Register_date_date_cmp(Registry& registry) {
  AddDateCmp(registry, "date_cmp", Type::Date(), DateCmpKernel<int32_t>);
  for (const char* name : {"date_cmp_timestamp", "timestamp_cmp", "timestamp_cmp_date"}) {
    AddDateCmp(registry, name, Type::Timestamp(), DateCmpKernel<int64_t>);
  }
  for (const char* name : {"date_cmp_timestamptz", "timestamp_cmp_timestamptz", "timestamptz_cmp",
                           "timestamptz_cmp_date", "timestamptz_cmp_timestamp"}) {
    AddDateCmp(registry, name, Type::TimestampTz(), DateCmpKernel<int64_t>);
  }
  AddDateCmp(registry, "interval_cmp", Type::IntervalDayToSecond(), DateCmpKernel<int64_t>,
             Locality::kLeaderOnly);
}

}  // namespace vesto::functions
