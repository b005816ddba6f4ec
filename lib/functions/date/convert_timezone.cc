#include "functions/kernel_loops.h"
#include "functions/time_zone_argument.h"

namespace vesto::functions {
namespace {

absl::Status ConvertTimezoneKernel(const KernelCall& call, Vector* result) {
  const bool has_source = call.args.size() == 3;
  TimeZoneArgument source(call, 0);
  TimeZoneArgument target(call, has_source ? 1 : 0);
  const Argument<int64_t> micros(call.args[has_source ? 2 : 1]);
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    int64_t utc = micros[row];
    if (has_source) {
      VESTO_ASSIGN_OR_RETURN(const absl::TimeZone from, source.At(row));
      utc = types::LocalToUtc(utc, from);
    }
    VESTO_ASSIGN_OR_RETURN(const absl::TimeZone to, target.At(row));
    out[row] = types::UtcToLocal(utc, to);
  }
  return absl::OkStatus();
}

}  // namespace

void Register_date_convert_timezone(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "convert_timezone",
      .documentation = "A timestamp moved from one time zone (default: UTC) to another.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, Type::Timestamp()}, Returns(Type::Timestamp()),
                              ConvertTimezoneKernel),
                    Signature({kAnyVarchar, Type::TimestampTz()}, Returns(Type::Timestamp()),
                              ConvertTimezoneKernel),
                    Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Timestamp()),
                              OnTextKernel<ConvertTimezoneKernel, 1>),
                    Signature({kAnyVarchar, kAnyVarchar, Type::Timestamp()},
                              Returns(Type::Timestamp()), ConvertTimezoneKernel),
                    Signature({kAnyVarchar, kAnyVarchar, kAnyVarchar}, Returns(Type::Timestamp()),
                              OnTextKernel<ConvertTimezoneKernel, 2>)}});
}

}  // namespace vesto::functions
