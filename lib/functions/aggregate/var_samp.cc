#include "functions/kernel_loops.h"
#include "functions/variance_state.h"

namespace vesto::functions {

void Register_aggregate_var_samp(Registry& registry) {
  registry.Add(AggregateFunction{
      .name = "var_samp",
      .aliases = {"variance"},
      .documentation = "The variance of a sample; NULL for fewer than two values.",
      .overloads = {VarianceOverload<VarianceRule::kSample>()}});
}

}  // namespace vesto::functions
