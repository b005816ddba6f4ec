#include "functions/kernel_loops.h"
#include "functions/to_date_rows.h"

namespace vesto::functions {
namespace {

absl::Status ToDateKernel(const KernelCall& call, Vector* result) {
  return ReadPatternRows(call, [&](int row, int64_t micros) {
    result->mutable_data<int32_t>()[row] = static_cast<int32_t>(types::TimestampToDays(micros));
  });
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
