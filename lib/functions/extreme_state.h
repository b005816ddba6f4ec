#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "column/dispatch.h"
#include "functions/aggregate_loops.h"
#include "functions/comparison_form.h"

// MIN and MAX. `max` tells which.
namespace vesto::functions {

// NaN is the largest number, as in ORDER BY.
template <typename T>
bool IsLess(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a < b || (std::isnan(b) && !std::isnan(a));
  } else {
    return a < b;
  }
}

template <typename T>
struct ExtremeState {
  T value;
  uint8_t seen;
};

template <typename T, bool max>
void TakeExtreme(ExtremeState<T>* state, T value) {
  if (state->seen == 0 || (max ? IsLess(state->value, value) : IsLess(value, state->value))) {
    state->value = value;
    state->seen = 1;
  }
}

// T is the form of the states, In that of the batch: DECIMAL states are 128 bits wide, whatever
// form the batches have.
template <typename T, typename In, bool max>
absl::Status ExtremeUpdateRows(const AggregateCall& call, uint8_t* const* states) {
  const Argument<In> value(call.args[0]);
  for (int row = 0; row < call.rows; ++row) {
    TakeExtreme<T, max>(StateAt<ExtremeState<T>>(states[row]), static_cast<T>(value[row]));
  }
  return absl::OkStatus();
}

template <typename T, typename In, bool max>
absl::Status ExtremeUpdateOne(const AggregateCall& call, uint8_t* raw) {
  if (call.rows == 0) return absl::OkStatus();
  const In* data = call.args[0].template data<In>();
  In best = data[0];
  if (!call.args[0].is_constant()) {
    if constexpr (std::is_floating_point_v<In>) {
      for (int row = 1; row < call.rows; ++row) {
        if (max ? IsLess(best, data[row]) : IsLess(data[row], best)) best = data[row];
      }
    } else {
      for (int row = 1; row < call.rows; ++row) {
        best = max ? (data[row] > best ? data[row] : best) : (data[row] < best ? data[row] : best);
      }
    }
  }
  TakeExtreme<T, max>(StateAt<ExtremeState<T>>(raw), static_cast<T>(best));
  return absl::OkStatus();
}

template <typename T, bool max>
absl::Status ExtremeUpdate(const AggregateCall& call, uint8_t* const* states) {
  if constexpr (std::is_same_v<T, int128_t>) {
    if (call.args[0].physical() == types::PhysicalType::kInt64) {
      return ExtremeUpdateRows<T, int64_t, max>(call, states);
    }
  }
  return ExtremeUpdateRows<T, T, max>(call, states);
}

template <typename T, bool max>
absl::Status ExtremeUpdateSingle(const AggregateCall& call, uint8_t* state) {
  if constexpr (std::is_same_v<T, int128_t>) {
    if (call.args[0].physical() == types::PhysicalType::kInt64) {
      return ExtremeUpdateOne<T, int64_t, max>(call, state);
    }
  }
  return ExtremeUpdateOne<T, T, max>(call, state);
}

template <typename T, bool max>
absl::Status ExtremeMerge(const AggregateCall&, const uint8_t* const* sources,
                          uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const auto* source = StateAt<ExtremeState<T>>(sources[i]);
    if (source->seen) TakeExtreme<T, max>(StateAt<ExtremeState<T>>(targets[i]), source->value);
  }
  return absl::OkStatus();
}

template <typename T>
absl::Status ExtremeFinish(const AggregateCall&, const uint8_t* const* states, int count,
                           Vector* result) {
  for (int i = 0; i < count; ++i) {
    const auto* state = StateAt<ExtremeState<T>>(states[i]);
    if constexpr (std::is_same_v<T, int128_t>) {
      SetDecimal(result, i, state->value);
    } else {
      result->mutable_data<T>()[i] = state->value;
    }
    if (!state->seen) result->MutableNulls(count)[i] = 1;
  }
  return absl::OkStatus();
}

// Strings: a winner that is long is copied to the heap of the states.
template <bool max>
bool TextWins(const Type& type, const ExtremeState<StringRef>& state, StringRef candidate) {
  if (state.seen == 0) return true;
  const int order = CompareText(candidate.view(), state.value.view(), type);
  return max ? order > 0 : order < 0;
}

template <bool max>
absl::Status TextExtremeUpdate(const AggregateCall& call, uint8_t* const* states) {
  const Argument<StringRef> value(call.args[0]);
  for (int row = 0; row < call.rows; ++row) {
    auto* state = StateAt<ExtremeState<StringRef>>(states[row]);
    if (!TextWins<max>(call.result_type, *state, value[row])) continue;
    state->value = call.heap->Add(value[row]);
    state->seen = 1;
  }
  return absl::OkStatus();
}

template <bool max>
absl::Status TextExtremeUpdateSingle(const AggregateCall& call, uint8_t* raw) {
  if (call.rows == 0) return absl::OkStatus();
  const Argument<StringRef> value(call.args[0]);
  ExtremeState<StringRef> best{value[0], 1};
  for (int row = 1; row < call.rows; ++row) {
    if (TextWins<max>(call.result_type, best, value[row])) best.value = value[row];
  }
  auto* state = StateAt<ExtremeState<StringRef>>(raw);
  if (TextWins<max>(call.result_type, *state, best.value)) {
    state->value = call.heap->Add(best.value);
    state->seen = 1;
  }
  return absl::OkStatus();
}

template <bool max>
absl::Status TextExtremeMerge(const AggregateCall& call, const uint8_t* const* sources,
                              uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const auto* source = StateAt<ExtremeState<StringRef>>(sources[i]);
    auto* target = StateAt<ExtremeState<StringRef>>(targets[i]);
    if (!source->seen || !TextWins<max>(call.result_type, *target, source->value)) continue;
    target->value = call.heap->Add(source->value);
    target->seen = 1;
  }
  return absl::OkStatus();
}

inline absl::Status TextExtremeFinish(const AggregateCall&, const uint8_t* const* states, int count,
                                      Vector* result) {
  for (int i = 0; i < count; ++i) {
    const auto* state = StateAt<ExtremeState<StringRef>>(states[i]);
    if (state->seen) {
      result->mutable_data<StringRef>()[i] = result->heap().Add(state->value);
    } else {
      SetNullRow<StringRef>(result, count, i);
    }
  }
  return absl::OkStatus();
}

template <typename T, bool max>
AggregateOverload ExtremeOverload(Type parameter) {
  AggregateOverload overload;
  overload.parameters = {parameter};
  overload.result = ReturnsArgument(0);
  overload.state_bytes = sizeof(ExtremeState<T>);
  if constexpr (std::is_same_v<T, StringRef>) {
    overload.update = TextExtremeUpdate<max>;
    overload.update_single = TextExtremeUpdateSingle<max>;
    overload.merge = TextExtremeMerge<max>;
    overload.finish = TextExtremeFinish;
  } else {
    overload.update = ExtremeUpdate<T, max>;
    overload.update_single = ExtremeUpdateSingle<T, max>;
    overload.merge = ExtremeMerge<T, max>;
    overload.finish = ExtremeFinish<T>;
  }
  return overload;
}

template <bool max>
std::vector<AggregateOverload> ExtremeOverloads() {
  return {ExtremeOverload<int16_t, max>(Type::Smallint()),
          ExtremeOverload<int32_t, max>(Type::Integer()),
          ExtremeOverload<int64_t, max>(Type::Bigint()),
          ExtremeOverload<int128_t, max>(kAnyDecimal),
          ExtremeOverload<float, max>(Type::Real()),
          ExtremeOverload<double, max>(Type::Double()),
          ExtremeOverload<StringRef, max>(kAnyVarchar),
          ExtremeOverload<StringRef, max>(kAnyChar),
          ExtremeOverload<StringRef, max>(kAnyVarbyte),
          ExtremeOverload<int32_t, max>(Type::Date()),
          ExtremeOverload<int64_t, max>(Type::Time()),
          ExtremeOverload<int64_t, max>(Type::TimeTz()),
          ExtremeOverload<int64_t, max>(Type::Timestamp()),
          ExtremeOverload<int64_t, max>(Type::TimestampTz()),
          ExtremeOverload<int32_t, max>(Type::IntervalYearToMonth()),
          ExtremeOverload<int64_t, max>(Type::IntervalDayToSecond()),
          ExtremeOverload<int32_t, max>(Type{TypeId::kOid}),
          ExtremeOverload<StringRef, max>(Type{TypeId::kName}),
          ExtremeOverload<StringRef, max>(Type{TypeId::kText})};
}

}  // namespace vesto::functions
