#include "functions/kernel_loops.h"
#include "functions/percentile_state.h"

namespace vesto::functions {

void Register_aggregate_percentile_cont(Registry& registry) {
  registry.Add(AggregateFunction{
      .name = "percentile_cont",
      .documentation =
          "The value at a fraction (0 to 1) of the ordered values, interpolated. Arguments: the "
          "fraction, then the expression of WITHIN GROUP (ORDER BY ...).",
      .ordered = true,
      .overloads = PercentileOverloads(/*has_fraction=*/true)});
}

}  // namespace vesto::functions
