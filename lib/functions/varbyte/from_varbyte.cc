#include "functions/hex.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status FromVarbyteKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view, std::string_view>(
      call, result, [](std::string_view bytes, std::string_view format, std::string* out) {
        return AppendEncoded(bytes, format, out);
      });
}

}  // namespace

void Register_varbyte_from_varbyte(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "from_varbyte",
      .documentation = "Bytes written as a string in a format: hex, binary, utf8 or base64.",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarbyte, kAnyVarchar}, ReturnsLongVarchar(), FromVarbyteKernel)}});
}

}  // namespace vesto::functions
