#include "functions/context_text.h"
#include "functions/kernel_loops.h"
#include "types/format_pattern.h"

namespace vesto::functions {
namespace {

absl::Status TimeofdayKernel(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const auto pattern,
                         types::DateTimePattern::Compile("Dy Mon DD HH24:MI:SS.US YYYY TZ"));
  return FillText(call, result,
                  pattern.FormatInZone(call.context.statement_start_micros,
                                       call.context.text.datetime.time_zone));
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
