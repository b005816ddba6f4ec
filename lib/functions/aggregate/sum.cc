#include "functions/kernel_loops.h"
#include "functions/sum_state.h"
#include "types/decimal.h"

namespace vesto::functions {
namespace {

absl::Status SumOfIntegersFinish(const AggregateCall&, const uint8_t* const* states, int count,
                                 Vector* result) {
  for (int i = 0; i < count; ++i) {
    const auto* state = StateAt<ExactSum>(states[i]);
    if (state->sum > std::numeric_limits<int64_t>::max() ||
        state->sum < std::numeric_limits<int64_t>::min()) {
      return SumOverflow();
    }
    result->mutable_data<int64_t>()[i] = static_cast<int64_t>(state->sum);
    if (state->count == 0) result->MutableNulls(count)[i] = 1;
  }
  return absl::OkStatus();
}

absl::Status SumOfDecimalsFinish(const AggregateCall& call, const uint8_t* const* states, int count,
                                 Vector* result) {
  for (int i = 0; i < count; ++i) {
    const auto* state = StateAt<ExactSum>(states[i]);
    if (!types::FitsPrecision(state->sum, call.result_type.length)) return SumOverflow();
    SetDecimal(result, i, state->sum);
    if (state->count == 0) result->MutableNulls(count)[i] = 1;
  }
  return absl::OkStatus();
}

absl::Status SumOfFloatsFinish(const AggregateCall&, const uint8_t* const* states, int count,
                               Vector* result) {
  return FinishRows<double, FloatSum>(states, count, result, [](const FloatSum& state) {
    return state.count == 0 ? std::nullopt : std::optional<double>(state.sum);
  });
}

}  // namespace

void Register_aggregate_sum(Registry& registry) {
  registry.Add(AggregateFunction{
      .name = "sum",
      .documentation = "The sum of the values; NULL when there is none.",
      .overloads = {
          ExactSumOverload(Type::Smallint(), Returns(Type::Bigint()), SumOfIntegersFinish),
          ExactSumOverload(Type::Integer(), Returns(Type::Bigint()), SumOfIntegersFinish),
          ExactSumOverload(Type::Bigint(), Returns(Type::Bigint()), SumOfIntegersFinish),
          ExactSumOverload(kAnyDecimal, WidestDecimalType, SumOfDecimalsFinish),
          FloatSumOverload<float>(Type::Real(), SumOfFloatsFinish),
          FloatSumOverload<double>(Type::Double(), SumOfFloatsFinish),
          ExactSumOverload(Type::IntervalDayToSecond(), ReturnsArgument(0), SumOfIntegersFinish)}});
}

}  // namespace vesto::functions
