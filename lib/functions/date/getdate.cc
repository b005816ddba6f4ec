#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status GetdateKernel(const KernelCall& call, Vector* result) {
  const int64_t now =
      types::UtcToLocal(call.context.statement_start_micros, call.context.text.datetime.time_zone);
  VESTO_ASSIGN_OR_RETURN(const int64_t second, TruncateTimestamp(DatePart::kSecond, now));
  std::fill_n(result->mutable_data<int64_t>(), call.rows, second);
  return absl::OkStatus();
}

}  // namespace

void Register_date_getdate(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "getdate",
      .documentation = "The start of the statement in the session's time zone, in whole seconds.",
      .volatility = Volatility::kStable,
      .overloads = {Signature({}, Returns(Type::Timestamp()), GetdateKernel)}});
}

}  // namespace vesto::functions
