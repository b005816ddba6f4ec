#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"
#include "types/decimal.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

template <typename T>
absl::Status ModKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T, T>(call, result, [&call](T a, T b) -> absl::StatusOr<T> {
    if (b == 0) return DivisionByZero(call.context);
    if (b == -1) return T{0};  // the smallest number % -1 traps on x86
    return static_cast<T>(a % b);
  });
}

absl::Status ModOfDecimalKernel(const KernelCall& call, Vector* result) {
  const DecimalArgument left(call.args[0]);
  const DecimalArgument right(call.args[1]);
  const int left_scale = call.args[0].type().scale;
  const int right_scale = call.args[1].type().scale;
  const int scale = std::max(left_scale, right_scale);
  for (int row = 0; row < call.rows; ++row) {
    SetDecimal(result, row, 0);
    if (IsNullRow(call, row)) continue;
    if (right[row] == 0) return DivisionByZero(call.context);
    const auto a = types::Rescale(left[row], left_scale, scale, types::Rounding::kTruncate);
    const auto b = types::Rescale(right[row], right_scale, scale, types::Rounding::kTruncate);
    if (!a.has_value() || !b.has_value()) {
      return SqlError(SqlState::kNumericValueOutOfRange,
                      "Numeric data overflow (result precision)");
    }
    const auto kept = types::Rescale(*b == -1 ? 0 : *a % *b, scale, call.result_type.scale,
                                     types::Rounding::kTruncate);
    SetDecimal(result, row, kept.value_or(0));
  }
  return absl::OkStatus();
}

absl::StatusOr<Type> ModType(const BindCall& call) {
  return types::ArithmeticResultType('%', call.types[0], call.types[1]);
}

}  // namespace

void Register_math_mod(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "mod",
      .documentation = "The remainder of a division; it has the sign of the dividend.",
      .can_fail = true,
      .overloads = {
          Signature({Type::Smallint(), Type::Smallint()}, Returns(Type::Smallint()),
                    ModKernel<int16_t>),
          Signature({Type::Integer(), Type::Integer()}, Returns(Type::Integer()),
                    ModKernel<int32_t>),
          Signature({Type::Bigint(), Type::Bigint()}, Returns(Type::Bigint()), ModKernel<int64_t>),
          Signature({kAnyDecimal, kAnyDecimal}, ModType, ModOfDecimalKernel)}});
}

}  // namespace vesto::functions
