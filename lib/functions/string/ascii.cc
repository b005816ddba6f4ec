#include "functions/kernel_loops.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

absl::Status AsciiKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(
      call, result, [](std::string_view text) { return CodePointAt(text, 0); });
}

}  // namespace

void Register_string_ascii(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "ascii",
      .documentation = "The code point of the first character of a string; 0 for the empty string.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Integer()), AsciiKernel)}});
}

}  // namespace vesto::functions
