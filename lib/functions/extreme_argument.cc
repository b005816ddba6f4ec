#include "functions/extreme_argument.h"

#include "functions/comparison_form.h"
#include "functions/extreme_state.h"
#include "types/decimal.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

// The argument of each row that wins against the others; rows without any become NULL.
template <typename T, typename Wins>
absl::Status PickRows(const KernelCall& call, Vector* result, Wins wins) {
  std::vector<Argument<T>> args;
  for (const Vector& arg : call.args) args.emplace_back(arg);
  T* out = result->mutable_data<T>();
  for (int row = 0; row < call.rows; ++row) {
    bool found = false;
    for (size_t i = 0; i < args.size(); ++i) {
      if (call.args[i].IsNull(row)) continue;
      if (!found || wins(args[i][row], out[row])) out[row] = args[i][row];
      found = true;
    }
    if (!found) SetNullRow<T>(result, call.rows, row);
  }
  return absl::OkStatus();
}

template <typename T, bool greatest>
absl::Status PickKernel(const KernelCall& call, Vector* result) {
  return PickRows<T>(call, result,
                     [](const T& a, const T& b) { return greatest ? IsLess(b, a) : IsLess(a, b); });
}

template <bool greatest>
absl::Status PickTextKernel(const KernelCall& call, Vector* result) {
  for (const Vector& arg : call.args) result->AddPinsOf(arg);
  const Type& type = call.result_type;
  return PickRows<StringRef>(call, result, [&type](const StringRef& a, const StringRef& b) {
    const int order = CompareText(a.view(), b.view(), type);
    return greatest ? order > 0 : order < 0;
  });
}

template <bool greatest>
absl::Status PickDecimalKernel(const KernelCall& call, Vector* result) {
  std::vector<DecimalArgument> args;
  for (const Vector& arg : call.args) args.emplace_back(arg);
  const int scale = call.result_type.scale;
  for (int row = 0; row < call.rows; ++row) {
    bool found = false;
    int128_t best = 0;
    for (size_t i = 0; i < args.size(); ++i) {
      if (call.args[i].IsNull(row)) continue;
      const auto value = types::Rescale(args[i][row], call.args[i].type().scale, scale,
                                        types::Rounding::kHalfAwayFromZero);
      if (!value.has_value() || !types::FitsPrecision(*value, call.result_type.length)) {
        return SqlError(SqlState::kNumericValueOutOfRange,
                        "Numeric data overflow (result precision)");
      }
      if (!found || (greatest ? *value > best : *value < best)) best = *value;
      found = true;
    }
    SetDecimal(result, row, best);
    if (!found) result->MutableNulls(call.rows)[row] = 1;
  }
  return absl::OkStatus();
}

template <bool greatest>
std::vector<Overload> Overloads() {
  const ResultRule common = [](const BindCall& call) -> absl::StatusOr<Type> {
    return types::CommonType(std::vector<Type>(call.types.begin(), call.types.end()),
                             greatest ? "GREATEST" : "LEAST");
  };
  std::vector<Overload> all;
  auto add = [&](Type type, Kernel kernel) {
    all.push_back(VariadicSignature({type}, common, kernel));
  };
  add(Type::Smallint(), PickKernel<int16_t, greatest>);
  add(Type::Integer(), PickKernel<int32_t, greatest>);
  add(Type::Bigint(), PickKernel<int64_t, greatest>);
  add(kAnyDecimal, PickDecimalKernel<greatest>);
  add(Type::Real(), PickKernel<float, greatest>);
  add(Type::Double(), PickKernel<double, greatest>);
  add(Type::Date(), PickKernel<int32_t, greatest>);
  add(Type::Time(), PickKernel<int64_t, greatest>);
  add(Type::TimeTz(), PickKernel<int64_t, greatest>);
  add(Type::Timestamp(), PickKernel<int64_t, greatest>);
  add(Type::TimestampTz(), PickKernel<int64_t, greatest>);
  add(Type::IntervalYearToMonth(), PickKernel<int32_t, greatest>);
  add(Type::IntervalDayToSecond(), PickKernel<int64_t, greatest>);
  add(Type::Boolean(), PickKernel<uint8_t, greatest>);
  add(kAnyVarchar, PickTextKernel<greatest>);
  add(kAnyVarbyte, PickTextKernel<greatest>);
  return all;
}

}  // namespace

std::vector<Overload> ExtremeArgumentOverloads(bool greatest) {
  return greatest ? Overloads<true>() : Overloads<false>();
}

}  // namespace vesto::functions
