#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// Days and smaller units: INTERVAL DAY TO SECOND has no months.
absl::Status AgeKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, int64_t>(call, result, SpanBetween);
}

absl::Status AgeSinceKernel(const KernelCall& call, Vector* result) {
  const int64_t now = types::UtcToLocal(call.context.transaction_start_micros,
                                        call.context.text.datetime.time_zone);
  const int64_t today = types::TimestampToDays(now) * types::kMicrosPerDay;
  return MapRows<int64_t, int64_t>(call, result,
                                   [today](int64_t then) { return SpanBetween(today, then); });
}

}  // namespace

void Register_date_age(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "age",
      .documentation = "The time between two timestamps, or since a timestamp.",
      .volatility = Volatility::kStable,
      .locality = Locality::kLeaderOnly,
      .can_fail = true,
      .overloads = {
          Signature({Type::Timestamp()}, Returns(Type::IntervalDayToSecond()), AgeSinceKernel),
          Signature({Type::Timestamp(), Type::Timestamp()}, Returns(Type::IntervalDayToSecond()),
                    AgeKernel)}});
}

}  // namespace vesto::functions
