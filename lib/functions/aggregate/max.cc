#include "functions/extreme_state.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

void Register_aggregate_max(Registry& registry) {
  registry.Add(AggregateFunction{.name = "max",
                                 .documentation = "The largest value; NULL when there is none.",
                                 .overloads = ExtremeOverloads</*max=*/true>()});
}

}  // namespace vesto::functions
