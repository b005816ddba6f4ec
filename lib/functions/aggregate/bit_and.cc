#include "functions/bit_state.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

void Register_aggregate_bit_and(Registry& registry) {
  registry.Add(
      AggregateFunction{.name = "bit_and",
                        .documentation = "The bitwise AND of the values; NULL when there is none.",
                        .overloads = BitOverloads<BitRule::kAnd>()});
}

}  // namespace vesto::functions
