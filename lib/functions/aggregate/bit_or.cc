#include "functions/bit_state.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

void Register_aggregate_bit_or(Registry& registry) {
  registry.Add(
      AggregateFunction{.name = "bit_or",
                        .documentation = "The bitwise OR of the values; NULL when there is none.",
                        .overloads = BitOverloads<BitRule::kOr>()});
}

}  // namespace vesto::functions
