#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status SysdateKernel(const KernelCall& call, Vector* result) {
  std::fill_n(result->mutable_data<int64_t>(), call.rows,
              types::UtcToLocal(call.context.transaction_start_micros,
                                call.context.text.datetime.time_zone));
  return absl::OkStatus();
}

}  // namespace

void Register_date_sysdate(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "sysdate",
      .documentation =
          "The start of the transaction in the session's time zone, with microseconds.",
      .volatility = Volatility::kStable,
      .no_parentheses = true,
      .overloads = {Signature({}, Returns(Type::Timestamp()), SysdateKernel)}});
}

}  // namespace vesto::functions
