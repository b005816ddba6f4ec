#include "functions/kernel_loops.h"
#include "functions/number_format.h"
#include "types/decimal.h"

namespace vesto::functions {
namespace {

absl::Status ToNumberKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  const Argument<std::string_view> patterns(call.args[1]);
  std::string pattern(call.rows > 0 ? patterns[0] : std::string_view());
  NumberFormat format(pattern);
  for (int row = 0; row < call.rows; ++row) {
    SetDecimal(result, row, 0);
    if (IsNullRow(call, row)) continue;
    if (patterns[row] != pattern) {
      pattern = patterns[row];
      format = NumberFormat(pattern);
    }
    VESTO_ASSIGN_OR_RETURN(const int128_t value, format.Parse(text[row]));
    const auto kept = types::Rescale(value, format.fraction_digits(), call.result_type.scale,
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
  const auto pattern = ConstantText(call, 1);
  if (!pattern.has_value()) return Type::Decimal(38, 10);
  const NumberFormat format(*pattern);
  const int precision = format.integer_digits() + format.fraction_digits();
  if (precision > kDecimalMaxPrecision) {
    return SqlError(SqlState::kInvalidParameterValue, "numeric format has more than 38 digits")
        .ToStatus();
  }
  return Type::Decimal(std::max(precision, 1), format.fraction_digits());
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
