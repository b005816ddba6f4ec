#include "functions/datetime_format_argument.h"
#include "functions/kernel_loops.h"
#include "types/datetime.h"

namespace vesto::functions {
namespace {

absl::Status ToDateKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  DateTimeFormatArgument format(call, 1);
  const bool has_strict = call.args.size() == 3;
  const Argument<uint8_t> strict(call.args[has_strict ? 2 : 0]);
  int32_t* out = result->mutable_data<int32_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const int64_t micros,
                           format.At(row).Parse(text[row], has_strict && strict[row] != 0));
    out[row] = static_cast<int32_t>(types::TimestampToDays(micros));
  }
  return absl::OkStatus();
}

}  // namespace

void Register_date_to_date(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "to_date",
      .documentation = "The date in a string that is written after a pattern; a third argument of "
                       "true refuses values out of range.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Date()), ToDateKernel),
                    Signature({kAnyVarchar, kAnyVarchar, Type::Boolean()}, Returns(Type::Date()),
                              ToDateKernel)}});
}

}  // namespace vesto::functions
