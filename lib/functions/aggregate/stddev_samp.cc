#include "functions/kernel_loops.h"
#include "functions/variance_state.h"

namespace vesto::functions {

void Register_aggregate_stddev_samp(Registry& registry) {
  registry.Add(AggregateFunction{
      .name = "stddev_samp",
      .aliases = {"stddev"},
      .documentation = "The standard deviation of a sample; NULL for fewer than two values.",
      .overloads = {VarianceOverload<VarianceRule::kStddevSample>()}});
}

}  // namespace vesto::functions
