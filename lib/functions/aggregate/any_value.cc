#include "column/dispatch.h"
#include "functions/extreme_state.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// Keeps the first value, in the default form of the type: batches of a DECIMAL may be narrower.
absl::Status AnyValueUpdate(const AggregateCall& call, uint8_t* const* states) {
  return column::DispatchPhysical(types::DefaultPhysicalType(call.result_type),
                                  [&](auto tag) -> absl::Status {
                                    using T = decltype(tag);
                                    auto take = [&](const auto& value) {
                                      for (int row = 0; row < call.rows; ++row) {
                                        auto* state = StateAt<ExtremeState<T>>(states[row]);
                                        if (state->seen != 0) continue;
                                        if constexpr (std::is_same_v<T, StringRef>) {
                                          state->value = call.heap->Add(value[row]);
                                        } else {
                                          state->value = static_cast<T>(value[row]);
                                        }
                                        state->seen = 1;
                                      }
                                    };
                                    if constexpr (std::is_same_v<T, int128_t>) {
                                      take(DecimalArgument(call.args[0]));
                                    } else {
                                      take(Argument<T>(call.args[0]));
                                    }
                                    return absl::OkStatus();
                                  });
}

absl::Status AnyValueMerge(const AggregateCall& call, const uint8_t* const* sources,
                           uint8_t* const* targets, int count) {
  return column::DispatchPhysical(types::DefaultPhysicalType(call.result_type),
                                  [&](auto tag) -> absl::Status {
                                    using T = decltype(tag);
                                    for (int i = 0; i < count; ++i) {
                                      const auto* source = StateAt<ExtremeState<T>>(sources[i]);
                                      auto* target = StateAt<ExtremeState<T>>(targets[i]);
                                      if (target->seen != 0 || source->seen == 0) continue;
                                      *target = *source;
                                      if constexpr (std::is_same_v<T, StringRef>) {
                                        target->value = call.heap->Add(source->value);
                                      }
                                    }
                                    return absl::OkStatus();
                                  });
}

absl::Status AnyValueFinish(const AggregateCall& call, const uint8_t* const* states, int count,
                            Vector* result) {
  return column::DispatchPhysical(
      types::DefaultPhysicalType(call.result_type), [&](auto tag) -> absl::Status {
        using T = decltype(tag);
        for (int i = 0; i < count; ++i) {
          const auto* state = StateAt<ExtremeState<T>>(states[i]);
          if (state->seen == 0) {
            SetNullRow<T>(result, count, i);
          } else if constexpr (std::is_same_v<T, StringRef>) {
            result->mutable_data<T>()[i] = result->heap().Add(state->value);
          } else {
            result->mutable_data<T>()[i] = state->value;
          }
        }
        return absl::OkStatus();
      });
}

AggregateOverload AnyValueOverload() {
  AggregateOverload overload;
  overload.parameters = {Type::Unknown()};
  overload.result = ReturnsArgument(0);
  overload.state_bytes = sizeof(ExtremeState<int128_t>);
  overload.update = AnyValueUpdate;
  overload.merge = AnyValueMerge;
  overload.finish = AnyValueFinish;
  return overload;
}

}  // namespace

void Register_aggregate_any_value(Registry& registry) {
  registry.Add(
      AggregateFunction{.name = "any_value",
                        .documentation = "Some value of the group; NULL when there is none.",
                        .overloads = {AnyValueOverload()}});
}

}  // namespace vesto::functions
