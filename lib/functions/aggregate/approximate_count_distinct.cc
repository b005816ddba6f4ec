#include <cmath>

#include "base/hash.h"
#include "column/dispatch.h"
#include "functions/aggregate_loops.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// HyperLogLog with 2^12 registers: 1.6 % standard error. Few values are counted by empty
// registers, which is exact enough for tests of small sets.
constexpr int kDistinctRegisterBits = 12;

struct DistinctSketch {
  uint8_t registers[1 << kDistinctRegisterBits] = {};

  void Add(uint64_t hash) {
    const uint64_t index = hash >> (64 - kDistinctRegisterBits);
    const uint64_t rest =
        hash << kDistinctRegisterBits | (uint64_t{1} << (kDistinctRegisterBits - 1));
    const auto rank = static_cast<uint8_t>(__builtin_clzll(rest) + 1);
    if (rank > registers[index]) registers[index] = rank;
  }

  int64_t Estimate() const {
    constexpr double kCount = 1 << kDistinctRegisterBits;
    double sum = 0;
    int zeros = 0;
    for (uint8_t value : registers) {
      sum += std::ldexp(1.0, -value);
      zeros += value == 0;
    }
    double estimate = 0.7213 / (1 + 1.079 / kCount) * kCount * kCount / sum;
    if (estimate <= 2.5 * kCount && zeros > 0) estimate = kCount * std::log(kCount / zeros);
    return static_cast<int64_t>(std::llround(estimate));
  }
};

absl::Status DistinctUpdate(const AggregateCall& call, uint8_t* const* states) {
  return column::DispatchPhysical(call.args[0].physical(), [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    const Argument<T> value(call.args[0]);
    for (int row = 0; row < call.rows; ++row) {
      uint64_t hash = 0;
      if constexpr (std::is_same_v<T, StringRef>) {
        std::string_view text = value[row].view();
        while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
        hash = base::HashString(text);
      } else if constexpr (std::is_floating_point_v<T>) {
        const double number = value[row] == 0 ? 0.0 : static_cast<double>(value[row]);
        hash = base::HashBytes(&number, sizeof(number));
      } else {
        // Integers and both forms of a DECIMAL hash alike.
        const auto wide = static_cast<int128_t>(value[row]);
        hash = base::HashInt128(wide);
      }
      StateAt<OwnedState<DistinctSketch>>(states[row])->Get().Add(base::HashInt(hash));
    }
    return absl::OkStatus();
  });
}

absl::Status DistinctMerge(const AggregateCall&, const uint8_t* const* sources,
                           uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const DistinctSketch* source = StateAt<OwnedState<DistinctSketch>>(sources[i])->value;
    if (source == nullptr) continue;
    DistinctSketch& target = StateAt<OwnedState<DistinctSketch>>(targets[i])->Get();
    for (size_t k = 0; k < sizeof(target.registers); ++k) {
      target.registers[k] = std::max(target.registers[k], source->registers[k]);
    }
  }
  return absl::OkStatus();
}

absl::Status DistinctFinish(const AggregateCall&, const uint8_t* const* states, int count,
                            Vector* result) {
  for (int i = 0; i < count; ++i) {
    const DistinctSketch* state = StateAt<OwnedState<DistinctSketch>>(states[i])->value;
    result->mutable_data<int64_t>()[i] = state == nullptr ? 0 : state->Estimate();
  }
  return absl::OkStatus();
}

AggregateOverload DistinctOverload() {
  AggregateOverload overload;
  overload.parameters = {Type::Unknown()};
  overload.result = Returns(Type::Bigint());
  overload.state_bytes = sizeof(OwnedState<DistinctSketch>);
  overload.update = DistinctUpdate;
  overload.merge = DistinctMerge;
  overload.finish = DistinctFinish;
  overload.destroy = DestroyOwnedState<DistinctSketch>;
  return overload;
}

}  // namespace

void Register_aggregate_approximate_count_distinct(Registry& registry) {
  registry.Add(AggregateFunction{
      .name = "approximate_count_distinct",
      .aliases = {"hll"},
      .documentation =
          "About how many distinct values there are: APPROXIMATE COUNT(DISTINCT value).",
      .column_name = "count",
      .overloads = {DistinctOverload()}});
}

}  // namespace vesto::functions
