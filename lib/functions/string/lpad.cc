#include "functions/kernel_loops.h"
#include "functions/pad.h"

namespace vesto::functions {
namespace {

absl::Status LpadKernel(const KernelCall& call, Vector* result) {
  return PadRows(call, result, /*left=*/true);
}

}  // namespace

void Register_string_lpad(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "lpad",
      .documentation = "The string filled up on the left to a number of characters; longer strings "
                       "are cut on the right.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, Type::Integer()}, PadType, LpadKernel),
                    Signature({kAnyVarchar, Type::Integer(), kAnyVarchar}, PadType, LpadKernel)}});
}

}  // namespace vesto::functions
