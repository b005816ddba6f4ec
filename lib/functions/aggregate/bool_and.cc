#include "functions/bit_state.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

void Register_aggregate_bool_and(Registry& registry) {
  registry.Add(
      AggregateFunction{.name = "bool_and",
                        .documentation = "Whether all values are true; NULL when there is none.",
                        .overloads = BooleanOverloads<BitRule::kAnd>()});
}

}  // namespace vesto::functions
