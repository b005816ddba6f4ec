#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status DatePartYearKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int32_t>(call, result, [](int32_t day) {
    const int year = types::CivilFromDays(day).year;
    return year > 0 ? year : year - 1;
  });
}

}  // namespace

void Register_date_date_part_year(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "date_part_year",
      .documentation = "The year of a date.",
      .overloads = {Signature({Type::Date()}, Returns(Type::Integer()), DatePartYearKernel)}});
}

}  // namespace vesto::functions
