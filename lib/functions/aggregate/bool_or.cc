#include "functions/bit_state.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

void Register_aggregate_bool_or(Registry& registry) {
  registry.Add(
      AggregateFunction{.name = "bool_or",
                        .documentation = "Whether some value is true; NULL when there is none.",
                        .overloads = BooleanOverloads<BitRule::kOr>()});
}

}  // namespace vesto::functions
