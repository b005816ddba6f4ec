#include "functions/kernel_loops.h"
#include "functions/pad.h"

namespace vesto::functions {
namespace {

absl::Status RpadKernel(const KernelCall& call, Vector* result) {
  return PadRows(call, result, /*left=*/false);
}

}  // namespace

void Register_string_rpad(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "rpad",
      .documentation = "The string filled up on the right to a number of characters; longer "
                       "strings are cut on the right.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, Type::Integer()}, PadType, RpadKernel),
                    Signature({kAnyVarchar, Type::Integer(), kAnyVarchar}, PadType, RpadKernel)}});
}

}  // namespace vesto::functions
