#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

int32_t LastDayOfMonth(int64_t day) {
  const types::CivilDate date = types::CivilFromDays(day);
  return static_cast<int32_t>(day + types::DaysInMonth(date.year, date.month) - date.day);
}

absl::Status LastDayKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int64_t>(
      call, result, [](int64_t micros) { return LastDayOfMonth(types::TimestampToDays(micros)); });
}

absl::Status LastDayOfDateKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int32_t>(call, result, LastDayOfMonth);
}

}  // namespace

void Register_date_last_day(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "last_day",
      .documentation = "The last day of the month of a date.",
      .overloads = {
          Signature({Type::Date()}, Returns(Type::Date()), LastDayOfDateKernel),
          Signature({Type::Timestamp()}, Returns(Type::Date()), LastDayKernel),
          Signature({Type::TimestampTz()}, Returns(Type::Date()),
                    OnTimestampTzKernel<LastDayKernel>),
          Signature({kAnyVarchar}, Returns(Type::Date()), OnTextKernel<LastDayKernel, 0>)}});
}

}  // namespace vesto::functions
