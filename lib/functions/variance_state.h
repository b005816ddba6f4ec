#pragma once

#include <cmath>

#include "functions/aggregate_loops.h"

// The variance family, by Welford's update and Chan's merge: no catastrophic cancellation.
namespace vesto::functions {

enum class VarianceRule { kSample, kPopulation, kStddevSample, kStddevPopulation };

struct VarianceState {
  double count;
  double mean;
  double squares;  // of the distances from the mean
};

inline absl::Status VarianceUpdate(const AggregateCall& call, uint8_t* const* states) {
  const Argument<double> value(call.args[0]);
  for (int row = 0; row < call.rows; ++row) {
    auto* state = StateAt<VarianceState>(states[row]);
    state->count += 1;
    const double distance = value[row] - state->mean;
    state->mean += distance / state->count;
    state->squares += distance * (value[row] - state->mean);
  }
  return absl::OkStatus();
}

inline absl::Status VarianceMerge(const AggregateCall&, const uint8_t* const* sources,
                                  uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const auto* source = StateAt<VarianceState>(sources[i]);
    auto* target = StateAt<VarianceState>(targets[i]);
    if (source->count == 0) continue;
    const double total = target->count + source->count;
    const double distance = source->mean - target->mean;
    target->squares +=
        source->squares + distance * distance * (target->count * source->count / total);
    target->mean += distance * (source->count / total);
    target->count = total;
  }
  return absl::OkStatus();
}

template <VarianceRule rule>
absl::Status VarianceFinish(const AggregateCall&, const uint8_t* const* states, int count,
                            Vector* result) {
  constexpr bool kSample = rule == VarianceRule::kSample || rule == VarianceRule::kStddevSample;
  constexpr bool kRoot =
      rule == VarianceRule::kStddevSample || rule == VarianceRule::kStddevPopulation;
  return FinishRows<double, VarianceState>(
      states, count, result, [](const VarianceState& state) -> std::optional<double> {
        if (state.count < (kSample ? 2 : 1)) return std::nullopt;
        const double variance = state.squares / (kSample ? state.count - 1 : state.count);
        return kRoot ? std::sqrt(variance) : variance;
      });
}

template <VarianceRule rule>
AggregateOverload VarianceOverload() {
  AggregateOverload overload;
  overload.parameters = {Type::Double()};
  overload.result = Returns(Type::Double());
  overload.state_bytes = sizeof(VarianceState);
  overload.update = VarianceUpdate;
  overload.merge = VarianceMerge;
  overload.finish = VarianceFinish<rule>;
  return overload;
}

}  // namespace vesto::functions
