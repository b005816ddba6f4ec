#include "functions/kernel_loops.h"
#include "functions/variance_state.h"

namespace vesto::functions {

void Register_aggregate_var_pop(Registry& registry) {
  registry.Add(AggregateFunction{.name = "var_pop",
                                 .documentation = "The variance of a population.",
                                 .overloads = {VarianceOverload<VarianceRule::kPopulation>()}});
}

}  // namespace vesto::functions
