#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status DatediffKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  const Argument<int64_t> from(call.args[1]);
  const Argument<int64_t> to(call.args[2]);
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const DatePart unit, part.At(row));
    VESTO_ASSIGN_OR_RETURN(out[row], CountBoundaries(unit, from[row], to[row]));
  }
  return absl::OkStatus();
}

absl::Status DatediffOfDatesKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  if (const auto unit = part.At(0);
      call.args[0].is_constant() && unit.ok() && *unit == DatePart::kDay) {
    return MapRows<int64_t, std::string_view, int32_t, int32_t>(
        call, result,
        [](std::string_view, int32_t from, int32_t to) { return int64_t{to} - from; });
  }
  return WithDatesAsTimestamps(call, result, DatediffKernel);
}

absl::StatusOr<Type> DatediffType(const BindCall& call) {
  VESTO_RETURN_IF_ERROR(CheckDatePart(call, 0));
  return Type::Bigint();
}

}  // namespace

void Register_date_datediff(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "datediff",
      .aliases = {"date_diff"},
      .documentation =
          "The number of boundaries of a date part between two dates, times or timestamps.",
      .column_name = "date_diff",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarchar, Type::Timestamp(), Type::Timestamp()}, DatediffType,
                    DatediffKernel),
          Signature({kAnyVarchar, Type::Date(), Type::Date()}, DatediffType, DatediffOfDatesKernel),
          Signature({kAnyVarchar, Type::TimestampTz(), Type::TimestampTz()}, DatediffType,
                    OnTimestampTzKernel<DatediffKernel>),
          Signature({kAnyVarchar, Type::Time(), Type::Time()}, DatediffType, DatediffKernel),
          Signature({kAnyVarchar, Type::TimeTz(), Type::TimeTz()}, DatediffType, DatediffKernel),
          Signature({kAnyVarchar, kAnyVarchar, kAnyVarchar}, DatediffType,
                    OnTextKernel<DatediffKernel, 1>)}});
}

}  // namespace vesto::functions
