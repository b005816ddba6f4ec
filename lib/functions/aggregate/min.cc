#include "functions/extreme_state.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

void Register_aggregate_min(Registry& registry) {
  registry.Add(AggregateFunction{.name = "min",
                                 .documentation = "The smallest value; NULL when there is none.",
                                 .overloads = ExtremeOverloads</*max=*/false>()});
}

}  // namespace vesto::functions
