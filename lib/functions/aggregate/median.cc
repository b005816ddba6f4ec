#include "functions/kernel_loops.h"
#include "functions/percentile_state.h"

namespace vesto::functions {

void Register_aggregate_median(Registry& registry) {
  registry.Add(
      AggregateFunction{.name = "median",
                        .documentation = "The middle value, or the mean of the two middle values.",
                        .overloads = PercentileOverloads(/*has_fraction=*/false)});
}

}  // namespace vesto::functions
