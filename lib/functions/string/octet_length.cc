#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status OctetLengthKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(call, result,
                                            [](std::string_view text) { return text.size(); });
}

// CHAR is stored trimmed; its octets include the padding.
absl::Status OctetLengthOfCharKernel(const KernelCall& call, Vector* result) {
  const int32_t width = call.args[0].type().length;
  return MapRows<int32_t, std::string_view>(call, result, [width](std::string_view text) {
    return std::max(width, static_cast<int32_t>(text.size()));
  });
}

}  // namespace

void Register_string_octet_length(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "octet_length",
      .documentation = "The number of bytes of a string.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Integer()), OctetLengthKernel),
                    Signature({kAnyChar}, Returns(Type::Integer()), OctetLengthOfCharKernel),
                    Signature({kAnyVarbyte}, Returns(Type::Integer()), OctetLengthKernel)}});
}

}  // namespace vesto::functions
