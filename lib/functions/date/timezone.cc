#include "functions/kernel_loops.h"
#include "functions/time_zone_argument.h"

namespace vesto::functions {
namespace {

absl::Status TimezoneOfTimestampKernel(const KernelCall& call, Vector* result) {
  TimeZoneArgument zone(call, 0);
  const Argument<int64_t> local(call.args[1]);
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const absl::TimeZone at, zone.At(row));
    out[row] = types::LocalToUtc(local[row], at);
  }
  return absl::OkStatus();
}

absl::Status TimezoneOfTimestampTzKernel(const KernelCall& call, Vector* result) {
  TimeZoneArgument zone(call, 0);
  const Argument<int64_t> utc(call.args[1]);
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const absl::TimeZone at, zone.At(row));
    out[row] = types::UtcToLocal(utc[row], at);
  }
  return absl::OkStatus();
}

}  // namespace

void Register_date_timezone(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "timezone",
      .documentation =
          "AT TIME ZONE: a TIMESTAMP read in a zone, or a TIMESTAMPTZ shown in a zone.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, Type::Timestamp()}, Returns(Type::TimestampTz()),
                              TimezoneOfTimestampKernel),
                    Signature({kAnyVarchar, Type::Date()}, Returns(Type::TimestampTz()),
                              OnDateKernel<TimezoneOfTimestampKernel>),
                    Signature({kAnyVarchar, Type::TimestampTz()}, Returns(Type::Timestamp()),
                              TimezoneOfTimestampTzKernel)}});
}

}  // namespace vesto::functions
