#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

template <absl::StatusOr<double> (*part_of)(DatePart, int64_t)>
absl::Status DatePartKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  const Argument<int64_t> micros(call.args[1]);
  double* out = result->mutable_data<double>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const DatePart unit, part.At(row));
    VESTO_ASSIGN_OR_RETURN(out[row], part_of(unit, micros[row]));
  }
  return absl::OkStatus();
}

absl::Status DatePartOfTimestampTzKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  const Argument<int64_t> utc(call.args[1]);
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  double* out = result->mutable_data<double>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const DatePart unit, part.At(row));
    const int64_t local = types::UtcToLocal(utc[row], zone);
    if (IsTimezonePart(unit)) {
      VESTO_ASSIGN_OR_RETURN(const int64_t value,
                             TimezonePart(unit, (local - utc[row]) / types::kMicrosPerSecond));
      out[row] = static_cast<double>(value);
    } else {
      VESTO_ASSIGN_OR_RETURN(
          out[row], DatePartOfTimestamp(unit, unit == DatePart::kEpoch ? utc[row] : local));
    }
  }
  return absl::OkStatus();
}

// TIMETZ is kept in UTC.
absl::StatusOr<double> DatePartOfTimeTz(DatePart part, int64_t micros) {
  if (IsTimezonePart(part)) return 0.0;
  return DatePartOfTime(part, micros);
}

absl::StatusOr<Type> DatePartType(const BindCall& call) {
  VESTO_RETURN_IF_ERROR(CheckDatePart(call, 0));
  return Type::Double();
}

}  // namespace

void Register_date_date_part(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "date_part",
      .aliases = {"pgdate_part"},
      .documentation =
          "A part of a date, time or timestamp; seconds and smaller parts include their fraction.",
      .column_name = "pgdate_part",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarchar, Type::Timestamp()}, DatePartType,
                    DatePartKernel<DatePartOfTimestamp>),
          Signature({kAnyVarchar, Type::Date()}, DatePartType,
                    OnDateKernel<DatePartKernel<DatePartOfTimestamp>>),
          Signature({kAnyVarchar, Type::TimestampTz()}, DatePartType, DatePartOfTimestampTzKernel),
          Signature({kAnyVarchar, Type::Time()}, DatePartType, DatePartKernel<DatePartOfTime>),
          Signature({kAnyVarchar, Type::TimeTz()}, DatePartType, DatePartKernel<DatePartOfTimeTz>),
          Signature({kAnyVarchar, kAnyVarchar}, DatePartType,
                    OnTextKernel<DatePartKernel<DatePartOfTimestamp>, 1>)}});
}

}  // namespace vesto::functions
