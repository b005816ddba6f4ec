#include "functions/kernel_loops.h"
#include "functions/to_date_rows.h"

namespace vesto::functions {
namespace {

absl::Status ToTimestampKernel(const KernelCall& call, Vector* result) {
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  return ReadPatternRows(call, [&](int row, int64_t micros) {
    result->mutable_data<int64_t>()[row] =
        IsNullRow(call, row) ? 0 : types::LocalToUtc(micros, zone);
  });
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
