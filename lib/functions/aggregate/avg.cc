#include "functions/kernel_loops.h"
#include "functions/sum_state.h"

namespace vesto::functions {
namespace {

// Integer averages are truncated toward zero; so is the last digit of decimal ones (Unverified).
absl::Status AvgOfIntegersFinish(const AggregateCall&, const uint8_t* const* states, int count,
                                 Vector* result) {
  return FinishRows<int64_t, ExactSum>(states, count, result,
                                       [](const ExactSum& state) -> std::optional<int64_t> {
                                         if (state.count == 0) return std::nullopt;
                                         return static_cast<int64_t>(state.sum / state.count);
                                       });
}

absl::Status AvgOfDecimalsFinish(const AggregateCall&, const uint8_t* const* states, int count,
                                 Vector* result) {
  for (int i = 0; i < count; ++i) {
    const auto* state = StateAt<ExactSum>(states[i]);
    SetDecimal(result, i, state->count == 0 ? 0 : state->sum / state->count);
    if (state->count == 0) result->MutableNulls(count)[i] = 1;
  }
  return absl::OkStatus();
}

absl::Status AvgOfFloatsFinish(const AggregateCall&, const uint8_t* const* states, int count,
                               Vector* result) {
  return FinishRows<double, FloatSum>(states, count, result,
                                      [](const FloatSum& state) -> std::optional<double> {
                                        if (state.count == 0) return std::nullopt;
                                        return state.sum / static_cast<double>(state.count);
                                      });
}

}  // namespace

void Register_aggregate_avg(Registry& registry) {
  registry.Add(AggregateFunction{
      .name = "avg",
      .documentation =
          "The average of the values; NULL when there is none. Averages of integers are truncated.",
      .overloads = {
          ExactSumOverload(Type::Smallint(), Returns(Type::Bigint()), AvgOfIntegersFinish),
          ExactSumOverload(Type::Integer(), Returns(Type::Bigint()), AvgOfIntegersFinish),
          ExactSumOverload(Type::Bigint(), Returns(Type::Bigint()), AvgOfIntegersFinish),
          ExactSumOverload(kAnyDecimal, WidestDecimalType, AvgOfDecimalsFinish),
          FloatSumOverload<float>(Type::Real(), AvgOfFloatsFinish),
          FloatSumOverload<double>(Type::Double(), AvgOfFloatsFinish),
          ExactSumOverload(Type::IntervalDayToSecond(), ReturnsArgument(0), AvgOfIntegersFinish)}});
}

}  // namespace vesto::functions
