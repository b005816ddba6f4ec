#include "functions/extreme_argument.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

void Register_conditional_least(Registry& registry) {
  registry.Add(ScalarFunction{.name = "least",
                              .documentation = "The smallest of the arguments that are not NULL.",
                              .null_rule = NullRule::kCustom,
                              .overloads = ExtremeArgumentOverloads(/*greatest=*/false)});
}

}  // namespace vesto::functions
