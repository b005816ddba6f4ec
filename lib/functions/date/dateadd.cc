#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status DateaddKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  const Argument<int64_t> count(call.args[1]);
  const Argument<int64_t> micros(call.args[2]);
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const DatePart unit, part.At(row));
    VESTO_ASSIGN_OR_RETURN(out[row], AddToTimestamp(unit, count[row], micros[row]));
  }
  return absl::OkStatus();
}

// Months and days are counted on the wall clock of the session's zone.
absl::Status DateaddOfTimestampTzKernel(const KernelCall& call, Vector* result) {
  VESTO_RETURN_IF_ERROR(WithLocalTimestamps(call, result, DateaddKernel));
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  if (zone == absl::UTCTimeZone()) return absl::OkStatus();
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    if (!IsNullRow(call, row)) out[row] = types::LocalToUtc(out[row], zone);
  }
  return absl::OkStatus();
}

absl::Status DateaddOfTimeKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  const Argument<int64_t> count(call.args[1]);
  const Argument<int64_t> micros(call.args[2]);
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const DatePart unit, part.At(row));
    VESTO_ASSIGN_OR_RETURN(out[row], AddToTime(unit, count[row], micros[row]));
  }
  return absl::OkStatus();
}

ResultRule DateaddType(Type type) {
  return [type](const BindCall& call) -> absl::StatusOr<Type> {
    VESTO_RETURN_IF_ERROR(CheckDatePart(call, 0));
    return type;
  };
}

}  // namespace

void Register_date_dateadd(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "dateadd",
      .aliases = {"date_add"},
      .documentation = "A date, time or timestamp moved by a number of date parts.",
      .column_name = "date_add",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, Type::Bigint(), Type::Timestamp()},
                              DateaddType(Type::Timestamp()), DateaddKernel),
                    Signature({kAnyVarchar, Type::Bigint(), Type::Date()},
                              DateaddType(Type::Timestamp()), OnDateKernel<DateaddKernel>),
                    Signature({kAnyVarchar, Type::Bigint(), Type::TimestampTz()},
                              DateaddType(Type::TimestampTz()), DateaddOfTimestampTzKernel),
                    Signature({kAnyVarchar, Type::Bigint(), Type::Time()},
                              DateaddType(Type::Time()), DateaddOfTimeKernel),
                    Signature({kAnyVarchar, Type::Bigint(), Type::TimeTz()},
                              DateaddType(Type::TimeTz()), DateaddOfTimeKernel),
                    Signature({kAnyVarchar, Type::Bigint(), kAnyVarchar},
                              DateaddType(Type::Timestamp()), OnTextKernel<DateaddKernel, 2>)}});
}

}  // namespace vesto::functions
