#include "functions/aggregate_loops.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CountUpdate(const AggregateCall& call, uint8_t* const* states) {
  for (int row = 0; row < call.rows; ++row) ++*StateAt<int64_t>(states[row]);
  return absl::OkStatus();
}

absl::Status CountUpdateSingle(const AggregateCall& call, uint8_t* state) {
  *StateAt<int64_t>(state) += call.rows;
  return absl::OkStatus();
}

absl::Status CountMerge(const AggregateCall&, const uint8_t* const* sources,
                        uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) *StateAt<int64_t>(targets[i]) += *StateAt<int64_t>(sources[i]);
  return absl::OkStatus();
}

absl::Status CountFinish(const AggregateCall&, const uint8_t* const* states, int count,
                         Vector* result) {
  int64_t* out = result->mutable_data<int64_t>();
  for (int i = 0; i < count; ++i) out[i] = *StateAt<int64_t>(states[i]);
  return absl::OkStatus();
}

AggregateOverload CountOverload(std::vector<Type> parameters) {
  AggregateOverload overload;
  overload.parameters = std::move(parameters);
  overload.result = Returns(Type::Bigint());
  overload.state_bytes = sizeof(int64_t);
  overload.update = CountUpdate;
  overload.update_single = CountUpdateSingle;
  overload.merge = CountMerge;
  overload.finish = CountFinish;
  return overload;
}

}  // namespace

void Register_aggregate_count(Registry& registry) {
  registry.Add(
      AggregateFunction{.name = "count",
                        .documentation = "The number of rows, or of values that are not NULL.",
                        .overloads = {CountOverload({}), CountOverload({Type::Unknown()})}});
}

}  // namespace vesto::functions
