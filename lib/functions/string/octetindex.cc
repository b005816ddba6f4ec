#include "functions/kernel_loops.h"
#include "functions/pattern.h"

namespace vesto::functions {
namespace {

absl::Status OctetindexKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view, std::string_view>(
      call, result, [](std::string_view sub, std::string_view text) {
        return static_cast<int32_t>(FindBytes(text, sub, 0) + 1);
      });
}

}  // namespace

void Register_string_octetindex(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "octetindex",
      .documentation =
          "The position (from 1, in bytes) of a substring in a string, 0 where it is absent.",
      .overloads = {
          Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Integer()), OctetindexKernel)}});
}

}  // namespace vesto::functions
