#include "functions/percentile_state.h"

#include <algorithm>
#include <cmath>

#include "column/dispatch.h"
#include "functions/aggregate_loops.h"
#include "types/decimal.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

// T is double for floating-point numbers and int128_t for everything else.
template <typename T>
struct Values {
  std::vector<T> all;
  double fraction = 0.5;
  int added_digits = 0;  // of a DECIMAL result beyond the values' scale
};

template <typename T>
absl::Status PercentileUpdate(const AggregateCall& call, uint8_t* const* states) {
  const bool has_fraction = call.args.size() == 2;
  const Vector& values = call.args[has_fraction ? 1 : 0];
  if (has_fraction) {
    const Argument<double> fraction(call.args[0]);
    for (int row = 0; row < call.rows; ++row) {
      if (!(fraction[row] >= 0 && fraction[row] <= 1)) {
        return SqlError(SqlState::kInvalidParameterValue,
                        "percentile value must be between 0 and 1");
      }
      StateAt<OwnedState<Values<T>>>(states[row])->Get().fraction = fraction[row];
    }
  }
  const int added_digits = call.result_type.id == TypeId::kDecimal
                               ? call.result_type.scale - types::AsDecimal(values.type()).scale
                               : 0;
  return column::DispatchPhysical(values.physical(), [&](auto tag) -> absl::Status {
    using In = decltype(tag);
    if constexpr (std::is_floating_point_v<In> == std::is_floating_point_v<T> &&
                  !std::is_same_v<In, StringRef>) {
      const Argument<In> value(values);
      for (int row = 0; row < call.rows; ++row) {
        Values<T>& state = StateAt<OwnedState<Values<T>>>(states[row])->Get();
        state.all.push_back(static_cast<T>(value[row]));
        state.added_digits = added_digits;
      }
    }
    return absl::OkStatus();
  });
}

template <typename T>
absl::Status PercentileMerge(const AggregateCall&, const uint8_t* const* sources,
                             uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const Values<T>* source = StateAt<OwnedState<Values<T>>>(sources[i])->value;
    if (source == nullptr) continue;
    Values<T>& target = StateAt<OwnedState<Values<T>>>(targets[i])->Get();
    target.all.insert(target.all.end(), source->all.begin(), source->all.end());
    target.fraction = source->fraction;
    target.added_digits = source->added_digits;
  }
  return absl::OkStatus();
}

// The two neighbours of the wanted place and how far it is from the first.
template <typename T>
struct Neighbours {
  T low, high;
  double distance;
};

template <typename T>
Neighbours<T> FindNeighbours(const Values<T>& values) {
  std::vector<T> all = values.all;
  const double place = values.fraction * static_cast<double>(all.size() - 1);
  const auto low = static_cast<size_t>(place);
  auto less = [](T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      return a < b || (std::isnan(b) && !std::isnan(a));
    } else {
      return a < b;
    }
  };
  std::nth_element(all.begin(), all.begin() + static_cast<ptrdiff_t>(low), all.end(), less);
  Neighbours<T> found{all[low], all[low], place - static_cast<double>(low)};
  if (found.distance > 0 && low + 1 < all.size()) {
    found.high = *std::min_element(all.begin() + static_cast<ptrdiff_t>(low) + 1, all.end(), less);
  }
  return found;
}

absl::Status PercentileOfFloatsFinish(const AggregateCall&, const uint8_t* const* states, int count,
                                      Vector* result) {
  return FinishRows<double, OwnedState<Values<double>>>(
      states, count, result, [](const OwnedState<Values<double>>& state) -> std::optional<double> {
        if (state.value == nullptr || state.value->all.empty()) return std::nullopt;
        const auto at = FindNeighbours(*state.value);
        return at.distance == 0 ? at.low : at.low + at.distance * (at.high - at.low);
      });
}

absl::Status PercentileOfExactFinish(const AggregateCall& call, const uint8_t* const* states,
                                     int count, Vector* result) {
  return column::DispatchPhysical(result->physical(), [&](auto tag) -> absl::Status {
    using Out = decltype(tag);
    if constexpr (std::is_same_v<Out, int32_t> || std::is_same_v<Out, int64_t> ||
                  std::is_same_v<Out, int128_t>) {
      for (int i = 0; i < count; ++i) {
        const Values<int128_t>* values = StateAt<OwnedState<Values<int128_t>>>(states[i])->value;
        if (values == nullptr || values->all.empty()) {
          SetNullRow<Out>(result, count, i);
          continue;
        }
        auto at = FindNeighbours(*values);
        const int128_t unit = types::PowerOfTen(values->added_digits);
        int128_t low = 0, span = 0;
        if (types::MultiplyOverflows(at.low, unit, &low) ||
            types::MultiplyOverflows(at.high - at.low, unit, &span)) {
          return SqlError(SqlState::kNumericValueOutOfRange,
                          "Numeric data overflow (result precision)");
        }
        const int128_t part =
            at.distance == 0.5
                ? span / 2
                : static_cast<int128_t>(std::round(static_cast<long double>(span) * at.distance));
        result->mutable_data<Out>()[i] = static_cast<Out>(low + part);
      }
    }
    return absl::OkStatus();
  });
}

// Decimals get more digits than their values have: the middle of 1 and 2 is 1.5, a quarter of the
// way from 1 to 2 is 1.25. Unverified: how many.
absl::StatusOr<Type> PercentileDecimalType(const BindCall& call) {
  const int added_digits = call.types.size() == 1 ? 1 : 4;
  const int scale = types::AsDecimal(call.types.back()).scale;
  return Type::Decimal(kDecimalMaxPrecision, std::max(scale, std::min(scale + added_digits, 37)));
}

template <typename T>
AggregateOverload PercentileOverload(Type parameter, ResultRule result, bool has_fraction) {
  AggregateOverload overload;
  if (has_fraction) overload.parameters.push_back(Type::Double());
  overload.parameters.push_back(parameter);
  overload.result = std::move(result);
  overload.state_bytes = sizeof(OwnedState<Values<T>>);
  overload.update = PercentileUpdate<T>;
  overload.merge = PercentileMerge<T>;
  if constexpr (std::is_same_v<T, double>) {
    overload.finish = PercentileOfFloatsFinish;
  } else {
    overload.finish = PercentileOfExactFinish;
  }
  overload.destroy = DestroyOwnedState<Values<T>>;
  return overload;
}

}  // namespace

std::vector<AggregateOverload> PercentileOverloads(bool has_fraction) {
  std::vector<AggregateOverload> all;
  for (const Type& type : {Type::Smallint(), Type::Integer(), Type::Bigint(), kAnyDecimal}) {
    all.push_back(PercentileOverload<int128_t>(type, PercentileDecimalType, has_fraction));
  }
  for (const Type& type : {Type::Real(), Type::Double()}) {
    all.push_back(PercentileOverload<double>(type, Returns(Type::Double()), has_fraction));
  }
  for (const Type& type : {Type::Date(), Type::Timestamp(), Type::TimestampTz()}) {
    all.push_back(PercentileOverload<int128_t>(type, Returns(type), has_fraction));
  }
  return all;
}

}  // namespace vesto::functions
