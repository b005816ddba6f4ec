#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"
#include "functions/pattern_argument.h"

namespace vesto::functions {
namespace {

// write(pattern, row) gives the text of a row.
template <typename Pattern, typename Write>
absl::Status ToCharRows(const KernelCall& call, Vector* result, Write write) {
  PatternArgument<Pattern> patterns(call, 1);
  StringRef* out = result->mutable_data<StringRef>();
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const Pattern* pattern, patterns.At(row));
    const std::string text = write(*pattern, row);
    VESTO_RETURN_IF_ERROR(poll.After(text.size()));
    out[row] = result->heap().Add(std::string_view(text));
  }
  return absl::OkStatus();
}

absl::Status ToCharOfTimestampKernel(const KernelCall& call, Vector* result) {
  const Argument<int64_t> micros(call.args[0]);
  return ToCharRows<types::DateTimePattern>(
      call, result, [&micros](const types::DateTimePattern& pattern, int row) {
        return pattern.Format(micros[row]);
      });
}

absl::Status ToCharOfTimestampTzKernel(const KernelCall& call, Vector* result) {
  const Argument<int64_t> micros(call.args[0]);
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  return ToCharRows<types::DateTimePattern>(
      call, result, [&micros, &zone](const types::DateTimePattern& pattern, int row) {
        return pattern.FormatInZone(micros[row], zone);
      });
}

absl::Status ToCharOfIntegerKernel(const KernelCall& call, Vector* result) {
  const IntegerArgument value(call.args[0]);
  return ToCharRows<types::NumericPattern>(
      call, result, [&value](const types::NumericPattern& pattern, int row) {
        return pattern.Format(static_cast<int128_t>(value[row]), 0);
      });
}

absl::Status ToCharOfDecimalKernel(const KernelCall& call, Vector* result) {
  const DecimalArgument value(call.args[0]);
  const int scale = call.args[0].type().scale;
  return ToCharRows<types::NumericPattern>(
      call, result, [&value, scale](const types::NumericPattern& pattern, int row) {
        return pattern.Format(value[row], scale);
      });
}

template <typename T>
absl::Status ToCharOfFloatKernel(const KernelCall& call, Vector* result) {
  const Argument<T> value(call.args[0]);
  return ToCharRows<types::NumericPattern>(call, result,
                                           [&value](const types::NumericPattern& pattern, int row) {
                                             return pattern.Format(static_cast<double>(value[row]));
                                           });
}

}  // namespace

void Register_string_to_char(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "to_char",
      .documentation = "A timestamp or a number written after a pattern.",
      .can_fail = true,
      .overloads = {
          Signature({Type::Timestamp(), kAnyVarchar}, ReturnsLongVarchar(),
                    ToCharOfTimestampKernel),
          Signature({Type::Date(), kAnyVarchar}, ReturnsLongVarchar(),
                    OnDateKernel<ToCharOfTimestampKernel>),
          Signature({Type::TimestampTz(), kAnyVarchar}, ReturnsLongVarchar(),
                    ToCharOfTimestampTzKernel),
          Signature({Type::Bigint(), kAnyVarchar}, ReturnsLongVarchar(), ToCharOfIntegerKernel),
          Signature({kAnyDecimal, kAnyVarchar}, ReturnsLongVarchar(), ToCharOfDecimalKernel),
          Signature({Type::Real(), kAnyVarchar}, ReturnsLongVarchar(), ToCharOfFloatKernel<float>),
          Signature({Type::Double(), kAnyVarchar}, ReturnsLongVarchar(),
                    ToCharOfFloatKernel<double>)}});
}

}  // namespace vesto::functions
