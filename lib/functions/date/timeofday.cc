#include "functions/date_arithmetic.h"
#include "functions/datetime_format.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status TimeofdayKernel(const KernelCall& call, Vector* result) {
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  const int64_t now = call.context.statement_start_micros;
  const std::string text =
      FormatDateTime("Dy Mon DD HH24:MI:SS.US YYYY TZ", FormatMoment::OfTimestampTz(now, zone));
  const StringRef shared = result->heap().Add(std::string_view(text));
  std::fill_n(result->mutable_data<StringRef>(), call.rows, shared);
  return absl::OkStatus();
}

}  // namespace

void Register_date_timeofday(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "timeofday",
      .documentation = "The current date and time as text: Thu Sep 19 22:53:50.333525 2013 UTC.",
      .volatility = Volatility::kVolatile,
      .overloads = {Signature({}, ReturnsLongVarchar(), TimeofdayKernel)}});
}

}  // namespace vesto::functions
