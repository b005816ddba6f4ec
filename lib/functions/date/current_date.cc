#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CurrentDateKernel(const KernelCall& call, Vector* result) {
  const int64_t now = types::UtcToLocal(call.context.transaction_start_micros,
                                        call.context.text.datetime.time_zone);
  std::fill_n(result->mutable_data<int32_t>(), call.rows,
              static_cast<int32_t>(types::TimestampToDays(now)));
  return absl::OkStatus();
}

}  // namespace

void Register_date_current_date(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "current_date",
      .documentation = "The date of the start of the transaction in the session's time zone.",
      .column_name = "date",
      .volatility = Volatility::kStable,
      .no_parentheses = true,
      .overloads = {Signature({}, Returns(Type::Date()), CurrentDateKernel)}});
}

}  // namespace vesto::functions
