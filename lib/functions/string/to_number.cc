#include "functions/kernel_loops.h"
#include "functions/pattern_argument.h"
#include "types/decimal.h"

namespace vesto::functions {
namespace {

absl::Status ToNumberKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  PatternArgument<types::NumericPattern> patterns(call, 1);
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    SetDecimal(result, row, 0);
    if (IsNullRow(call, row)) continue;
    VESTO_RETURN_IF_ERROR(poll.After(text[row].size()));
    VESTO_ASSIGN_OR_RETURN(const types::NumericPattern* pattern, patterns.At(row));
    VESTO_ASSIGN_OR_RETURN(const auto number, pattern->Parse(text[row]));
    const auto kept = types::Rescale(number.unscaled, number.scale, call.result_type.scale,
                                     types::Rounding::kHalfAwayFromZero);
    if (!kept.has_value() || !types::FitsPrecision(*kept, call.result_type.length)) {
      return SqlError(SqlState::kNumericValueOutOfRange,
                      "Numeric data overflow (result precision)");
    }
    SetDecimal(result, row, *kept);
  }
  return absl::OkStatus();
}

// A constant pattern gives the digits before and after the point.
absl::StatusOr<Type> ToNumberType(const BindCall& call) {
  const auto text = ConstantText(call, 1);
  if (!text.has_value()) return Type::Decimal(38, 10);
  VESTO_ASSIGN_OR_RETURN(const auto pattern, types::NumericPattern::Compile(*text));
  if (pattern.precision() > kDecimalMaxPrecision) {
    return SqlError(SqlState::kInvalidParameterValue, "numeric format has more than 38 digits")
        .ToStatus();
  }
  return Type::Decimal(std::max(pattern.precision(), 1), pattern.scale());
}

}  // namespace

void Register_string_to_number(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "to_number",
      .documentation = "The number in a string that is written after a pattern.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, ToNumberType, ToNumberKernel)}});
}

}  // namespace vesto::functions
