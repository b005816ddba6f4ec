#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

double MonthsBetween(int64_t a, int64_t b) {
  const int64_t a_days = types::TimestampToDays(a);
  const int64_t b_days = types::TimestampToDays(b);
  const types::CivilDate x = types::CivilFromDays(a_days);
  const types::CivilDate y = types::CivilFromDays(b_days);
  const double months = (x.year - y.year) * 12.0 + (x.month - y.month);
  const bool both_ends =
      x.day == types::DaysInMonth(x.year, x.month) && y.day == types::DaysInMonth(y.year, y.month);
  if (x.day == y.day || both_ends) return months;
  const auto time = static_cast<double>(types::MicrosOfDay(a) - types::MicrosOfDay(b));
  return months + (x.day - y.day + time / static_cast<double>(types::kMicrosPerDay)) / 31.0;
}

absl::Status MonthsBetweenKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, int64_t, int64_t>(call, result, MonthsBetween);
}

}  // namespace

void Register_date_months_between(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "months_between",
      .documentation = "The months between two dates, with a fraction of 31-day months.",
      .can_fail = true,
      .overloads = {Signature({Type::Timestamp(), Type::Timestamp()}, Returns(Type::Double()),
                              MonthsBetweenKernel),
                    Signature({Type::Date(), Type::Date()}, Returns(Type::Double()),
                              OnDateKernel<MonthsBetweenKernel>),
                    Signature({Type::TimestampTz(), Type::TimestampTz()}, Returns(Type::Double()),
                              OnTimestampTzKernel<MonthsBetweenKernel>),
                    Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Double()),
                              OnTextKernel<MonthsBetweenKernel, 0>)}});
}

}  // namespace vesto::functions
