#include "functions/kernel_loops.h"
#include "functions/variance_state.h"

namespace vesto::functions {

void Register_aggregate_stddev_pop(Registry& registry) {
  registry.Add(
      AggregateFunction{.name = "stddev_pop",
                        .documentation = "The standard deviation of a population.",
                        .overloads = {VarianceOverload<VarianceRule::kStddevPopulation>()}});
}

}  // namespace vesto::functions
