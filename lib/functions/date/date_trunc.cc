#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status DateTruncKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  const Argument<int64_t> micros(call.args[1]);
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const DatePart unit, part.At(row));
    VESTO_ASSIGN_OR_RETURN(out[row], TruncateTimestamp(unit, micros[row]));
  }
  return absl::OkStatus();
}

absl::Status DateTruncOfTimestampTzKernel(const KernelCall& call, Vector* result) {
  VESTO_RETURN_IF_ERROR(WithLocalTimestamps(call, result, DateTruncKernel));
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  if (zone == absl::UTCTimeZone()) return absl::OkStatus();
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    if (!IsNullRow(call, row)) out[row] = types::LocalToUtc(out[row], zone);
  }
  return absl::OkStatus();
}

ResultRule DateTruncType(Type type) {
  return [type](const BindCall& call) -> absl::StatusOr<Type> {
    VESTO_RETURN_IF_ERROR(CheckDatePart(call, 0));
    return type;
  };
}

}  // namespace

void Register_date_date_trunc(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "date_trunc",
      .documentation = "A timestamp cut off to a date part; weeks begin on Monday.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, Type::Timestamp()}, DateTruncType(Type::Timestamp()),
                              DateTruncKernel),
                    Signature({kAnyVarchar, Type::Date()}, DateTruncType(Type::Timestamp()),
                              OnDateKernel<DateTruncKernel>),
                    Signature({kAnyVarchar, Type::TimestampTz()},
                              DateTruncType(Type::TimestampTz()), DateTruncOfTimestampTzKernel),
                    Signature({kAnyVarchar, kAnyVarchar}, DateTruncType(Type::Timestamp()),
                              OnTextKernel<DateTruncKernel, 1>)}});
}

}  // namespace vesto::functions
