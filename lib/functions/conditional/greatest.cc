#include "functions/extreme_argument.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

void Register_conditional_greatest(Registry& registry) {
  registry.Add(ScalarFunction{.name = "greatest",
                              .documentation = "The largest of the arguments that are not NULL.",
                              .null_rule = NullRule::kCustom,
                              .overloads = ExtremeArgumentOverloads(/*greatest=*/true)});
}

}  // namespace vesto::functions
