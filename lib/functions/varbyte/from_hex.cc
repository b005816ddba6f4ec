#include "absl/strings/str_cat.h"
#include "functions/hex.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status FromHexKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(call, result, [](std::string_view text, std::string* out) {
    return AppendFromHex(text, out);
  });
}

absl::StatusOr<Type> FromHexType(const BindCall& call) {
  const int length = call.types[0].length > 0 ? call.types[0].length : kVarcharMaxBytes;
  return Type::Varbyte(std::max(1, length / 2));
}

}  // namespace

void Register_varbyte_from_hex(Registry& registry) {
  registry.Add(ScalarFunction{.name = "from_hex",
                              .documentation = "The bytes that a hexadecimal string writes.",
                              .can_fail = true,
                              .overloads = {Signature({kAnyVarchar}, FromHexType, FromHexKernel)}});
}

}  // namespace vesto::functions
