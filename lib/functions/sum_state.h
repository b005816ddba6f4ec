#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "column/dispatch.h"
#include "functions/aggregate_loops.h"

// What SUM and AVG keep: the sum and the number of values. Integers and decimals sum into 128 bits
// whatever form their vectors have, so that slices may see different forms of one column.
namespace vesto::functions {

struct ExactSum {
  int128_t sum;
  int64_t count;
  bool overflowed;
};

struct FloatSum {
  double sum;
  int64_t count;
};

inline absl::Status SumOverflow() {
  return SqlError(SqlState::kNumericValueOutOfRange, "Numeric data overflow (addition)");
}

// The exact sum of `rows` values; four independent chains keep the adders busy.
template <typename T>
bool SumOf(const T* data, int rows, int128_t* total) {
  if constexpr (std::is_same_v<T, int128_t>) {
    int128_t sum = 0;
    bool overflow = false;
    for (int i = 0; i < rows; ++i) overflow |= __builtin_add_overflow(sum, data[i], &sum);
    *total = sum;
    return !overflow;
  } else if constexpr (sizeof(T) == 8) {
    // Upper and lower halves apart: neither sum of a batch can overflow.
    int64_t high0 = 0, high1 = 0;
    uint64_t low0 = 0, low1 = 0;
    int i = 0;
    for (; i + 1 < rows; i += 2) {
      high0 += data[i] >> 32;
      low0 += static_cast<uint32_t>(data[i]);
      high1 += data[i + 1] >> 32;
      low1 += static_cast<uint32_t>(data[i + 1]);
    }
    if (i < rows) {
      high0 += data[i] >> 32;
      low0 += static_cast<uint32_t>(data[i]);
    }
    *total = static_cast<int128_t>(high0 + high1) * (int128_t{1} << 32) +
             static_cast<int128_t>(low0 + low1);
    return true;
  } else {
    int64_t a = 0, b = 0, c = 0, d = 0;
    int i = 0;
    for (; i + 3 < rows; i += 4) {
      a += data[i];
      b += data[i + 1];
      c += data[i + 2];
      d += data[i + 3];
    }
    for (; i < rows; ++i) a += data[i];
    *total = a + b + c + d;
    return true;
  }
}

inline absl::Status ExactSumUpdate(const AggregateCall& call, uint8_t* const* states) {
  return column::DispatchPhysical(call.args[0].physical(), [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, int128_t>) {
      const Argument<T> value(call.args[0]);
      bool overflow = false;
      for (int row = 0; row < call.rows; ++row) {
        auto* state = StateAt<ExactSum>(states[row]);
        if constexpr (std::is_same_v<T, int128_t>) {
          overflow |= __builtin_add_overflow(state->sum, value[row], &state->sum);
        } else {
          state->sum += value[row];
        }
        ++state->count;
      }
      if (overflow) return SumOverflow();
    }
    return absl::OkStatus();
  });
}

inline absl::Status ExactSumUpdateSingle(const AggregateCall& call, uint8_t* raw) {
  return column::DispatchPhysical(call.args[0].physical(), [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, int128_t>) {
      auto* state = StateAt<ExactSum>(raw);
      const T* data = call.args[0].template data<T>();
      int128_t total = 0;
      bool fits = true;
      if (call.args[0].is_constant()) {
        fits = !__builtin_mul_overflow(static_cast<int128_t>(*data), int128_t{call.rows}, &total);
      } else {
        fits = SumOf(data, call.rows, &total);
      }
      if (!fits || __builtin_add_overflow(state->sum, total, &state->sum)) return SumOverflow();
      state->count += call.rows;
    }
    return absl::OkStatus();
  });
}

inline absl::Status ExactSumMerge(const AggregateCall&, const uint8_t* const* sources,
                                  uint8_t* const* targets, int count) {
  bool overflow = false;
  for (int i = 0; i < count; ++i) {
    const auto* source = StateAt<ExactSum>(sources[i]);
    auto* target = StateAt<ExactSum>(targets[i]);
    overflow |= __builtin_add_overflow(target->sum, source->sum, &target->sum);
    target->count += source->count;
  }
  return overflow ? SumOverflow() : absl::OkStatus();
}

template <typename T>
absl::Status FloatSumUpdate(const AggregateCall& call, uint8_t* const* states) {
  const Argument<T> value(call.args[0]);
  for (int row = 0; row < call.rows; ++row) {
    auto* state = StateAt<FloatSum>(states[row]);
    state->sum += static_cast<double>(value[row]);
    ++state->count;
  }
  return absl::OkStatus();
}

template <typename T>
absl::Status FloatSumUpdateSingle(const AggregateCall& call, uint8_t* raw) {
  const Argument<T> value(call.args[0]);
  double a = 0, b = 0, c = 0, d = 0;
  int row = 0;
  for (; row + 3 < call.rows; row += 4) {
    a += static_cast<double>(value[row]);
    b += static_cast<double>(value[row + 1]);
    c += static_cast<double>(value[row + 2]);
    d += static_cast<double>(value[row + 3]);
  }
  for (; row < call.rows; ++row) a += static_cast<double>(value[row]);
  auto* state = StateAt<FloatSum>(raw);
  state->sum += (a + b) + (c + d);
  state->count += call.rows;
  return absl::OkStatus();
}

inline absl::Status FloatSumMerge(const AggregateCall&, const uint8_t* const* sources,
                                  uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    StateAt<FloatSum>(targets[i])->sum += StateAt<FloatSum>(sources[i])->sum;
    StateAt<FloatSum>(targets[i])->count += StateAt<FloatSum>(sources[i])->count;
  }
  return absl::OkStatus();
}

// SUM and AVG of decimals.
inline absl::StatusOr<Type> WidestDecimalType(const BindCall& call) {
  return Type::Decimal(kDecimalMaxPrecision, call.types[0].scale);
}

using AggregateFinish = absl::Status (*)(const AggregateCall& call, const uint8_t* const* states,
                                         int count, Vector* result);

inline AggregateOverload ExactSumOverload(Type parameter, ResultRule result,
                                          AggregateFinish finish) {
  AggregateOverload overload;
  overload.parameters = {parameter};
  overload.result = std::move(result);
  overload.state_bytes = sizeof(ExactSum);
  overload.update = ExactSumUpdate;
  overload.update_single = ExactSumUpdateSingle;
  overload.merge = ExactSumMerge;
  overload.finish = finish;
  return overload;
}

template <typename T>
AggregateOverload FloatSumOverload(Type parameter, AggregateFinish finish) {
  AggregateOverload overload;
  overload.parameters = {parameter};
  overload.result = Returns(Type::Double());
  overload.state_bytes = sizeof(FloatSum);
  overload.update = FloatSumUpdate<T>;
  overload.update_single = FloatSumUpdateSingle<T>;
  overload.merge = FloatSumMerge;
  overload.finish = finish;
  return overload;
}

}  // namespace vesto::functions
