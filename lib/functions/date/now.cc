#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// PostgreSQL's clock functions: deprecated, on the leader only.
absl::Status NowKernel(const KernelCall& call, Vector* result) {
  std::fill_n(result->mutable_data<int64_t>(), call.rows, call.context.transaction_start_micros);
  return absl::OkStatus();
}

absl::Status LocalTimestampKernel(const KernelCall& call, Vector* result) {
  std::fill_n(result->mutable_data<int64_t>(), call.rows,
              types::UtcToLocal(call.context.transaction_start_micros,
                                call.context.text.datetime.time_zone));
  return absl::OkStatus();
}

absl::Status CurrentTimeKernel(const KernelCall& call, Vector* result) {
  std::fill_n(result->mutable_data<int64_t>(), call.rows,
              types::MicrosOfDay(call.context.transaction_start_micros));
  return absl::OkStatus();
}

absl::Status LocalTimeKernel(const KernelCall& call, Vector* result) {
  const int64_t now = types::UtcToLocal(call.context.transaction_start_micros,
                                        call.context.text.datetime.time_zone);
  std::fill_n(result->mutable_data<int64_t>(), call.rows, types::MicrosOfDay(now));
  return absl::OkStatus();
}

}  // namespace

void Register_date_now(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "now",
                     .documentation = "The start of the transaction.",
                     .volatility = Volatility::kStable,
                     .locality = Locality::kLeaderOnly,
                     .overloads = {Signature({}, Returns(Type::TimestampTz()), NowKernel)}});
  registry.Add(
      ScalarFunction{.name = "current_timestamp",
                     .documentation = "The start of the transaction.",
                     .column_name = "timestamptz",
                     .volatility = Volatility::kStable,
                     .locality = Locality::kLeaderOnly,
                     .no_parentheses = true,
                     .overloads = {Signature({}, Returns(Type::TimestampTz()), NowKernel)}});
  registry.Add(ScalarFunction{
      .name = "localtimestamp",
      .documentation = "The start of the transaction in the session's time zone.",
      .column_name = "timestamp",
      .volatility = Volatility::kStable,
      .locality = Locality::kLeaderOnly,
      .no_parentheses = true,
      .overloads = {Signature({}, Returns(Type::Timestamp()), LocalTimestampKernel)}});
  registry.Add(
      ScalarFunction{.name = "current_time",
                     .documentation = "The time of the start of the transaction.",
                     .column_name = "timetz",
                     .volatility = Volatility::kStable,
                     .locality = Locality::kLeaderOnly,
                     .no_parentheses = true,
                     .overloads = {Signature({}, Returns(Type::TimeTz()), CurrentTimeKernel)}});
  registry.Add(ScalarFunction{
      .name = "localtime",
      .documentation = "The time of the start of the transaction in the session's time zone.",
      .column_name = "time",
      .volatility = Volatility::kStable,
      .locality = Locality::kLeaderOnly,
      .no_parentheses = true,
      .overloads = {Signature({}, Returns(Type::Time()), LocalTimeKernel)}});
}

}  // namespace vesto::functions
