#include "functions/datetime_format_argument.h"
#include "functions/kernel_loops.h"
#include "types/datetime.h"

namespace vesto::functions {
namespace {

absl::Status ToTimestampKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  DateTimeFormatArgument format(call, 1);
  const bool has_strict = call.args.size() == 3;
  const Argument<uint8_t> strict(call.args[has_strict ? 2 : 0]);
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  int64_t* out = result->mutable_data<int64_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const int64_t local,
                           format.At(row).Parse(text[row], has_strict && strict[row] != 0));
    out[row] = types::LocalToUtc(local, zone);
  }
  return absl::OkStatus();
}

}  // namespace

void Register_date_to_timestamp(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "to_timestamp",
      .documentation = "The timestamp in a string that is written after a pattern; a third "
                       "argument of true refuses values out of range.",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::TimestampTz()), ToTimestampKernel),
          Signature({kAnyVarchar, kAnyVarchar, Type::Boolean()}, Returns(Type::TimestampTz()),
                    ToTimestampKernel)}});
}

}  // namespace vesto::functions
