#pragma once

#include "column/dispatch.h"
#include "functions/aggregate_loops.h"

// BOOL_AND, BOOL_OR, BIT_AND and BIT_OR: one 64-bit word folded by AND or OR.
namespace vesto::functions {

enum class BitRule { kAnd, kOr };

struct BitState {
  int64_t bits;
  int64_t seen;
};

template <BitRule rule>
void FoldBits(BitState* state, int64_t value) {
  if (state->seen == 0) {
    *state = BitState{value, 1};
  } else if constexpr (rule == BitRule::kAnd) {
    state->bits &= value;
  } else {
    state->bits |= value;
  }
}

template <BitRule rule, bool boolean>
absl::Status BitUpdate(const AggregateCall& call, uint8_t* const* states) {
  const IntegerArgument value(call.args[0]);
  for (int row = 0; row < call.rows; ++row) {
    FoldBits<rule>(StateAt<BitState>(states[row]), boolean ? value[row] != 0 : value[row]);
  }
  return absl::OkStatus();
}

template <BitRule rule>
absl::Status BitMerge(const AggregateCall&, const uint8_t* const* sources, uint8_t* const* targets,
                      int count) {
  for (int i = 0; i < count; ++i) {
    const auto* source = StateAt<BitState>(sources[i]);
    if (source->seen != 0) FoldBits<rule>(StateAt<BitState>(targets[i]), source->bits);
  }
  return absl::OkStatus();
}

inline absl::Status BitFinish(const AggregateCall&, const uint8_t* const* states, int count,
                              Vector* result) {
  return column::DispatchPhysical(result->physical(), [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T>) {
      for (int i = 0; i < count; ++i) {
        const auto* state = StateAt<BitState>(states[i]);
        result->mutable_data<T>()[i] = static_cast<T>(state->bits);
        if (state->seen == 0) result->MutableNulls(count)[i] = 1;
      }
    }
    return absl::OkStatus();
  });
}

template <BitRule rule, bool boolean>
AggregateOverload BitOverload(Type parameter) {
  AggregateOverload overload;
  overload.parameters = {parameter};
  overload.result = boolean ? Returns(Type::Boolean()) : ReturnsArgument(0);
  overload.state_bytes = sizeof(BitState);
  overload.update = BitUpdate<rule, boolean>;
  overload.merge = BitMerge<rule>;
  overload.finish = BitFinish;
  return overload;
}

template <BitRule rule>
std::vector<AggregateOverload> BooleanOverloads() {
  return {BitOverload<rule, true>(Type::Boolean()), BitOverload<rule, true>(Type::Smallint()),
          BitOverload<rule, true>(Type::Integer()), BitOverload<rule, true>(Type::Bigint())};
}

template <BitRule rule>
std::vector<AggregateOverload> BitOverloads() {
  return {BitOverload<rule, false>(Type::Smallint()), BitOverload<rule, false>(Type::Integer()),
          BitOverload<rule, false>(Type::Bigint())};
}

}  // namespace vesto::functions
