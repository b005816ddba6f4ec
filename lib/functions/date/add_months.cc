#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status AddMonthsKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, int32_t>(call, result, AddMonthsKeepingMonthEnd);
}

}  // namespace

void Register_date_add_months(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "add_months",
      .documentation =
          "A date moved by a number of months; the last day of a month stays the last day.",
      .can_fail = true,
      .overloads = {Signature({Type::Timestamp(), Type::Integer()}, Returns(Type::Timestamp()),
                              AddMonthsKernel),
                    Signature({Type::Date(), Type::Integer()}, Returns(Type::Timestamp()),
                              OnDateKernel<AddMonthsKernel>),
                    Signature({Type::TimestampTz(), Type::Integer()}, Returns(Type::Timestamp()),
                              OnTimestampTzKernel<AddMonthsKernel>),
                    Signature({kAnyVarchar, Type::Integer()}, Returns(Type::Timestamp()),
                              OnTextKernel<AddMonthsKernel, 0>)}});
}

}  // namespace vesto::functions
