#include "functions/hex.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status ToVarbyteKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view, std::string_view>(
      call, result, [](std::string_view text, std::string_view format, std::string* out) {
        return AppendDecoded(text, format, out);
      });
}

absl::StatusOr<Type> ToVarbyteType(const BindCall& call) {
  return Type::Varbyte(call.types[0].length > 0 ? call.types[0].length : kVarcharMaxBytes);
}

}  // namespace

void Register_varbyte_to_varbyte(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "to_varbyte",
      .documentation = "The bytes that a string writes in a format: hex, binary, utf8 or base64.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, ToVarbyteType, ToVarbyteKernel)}});
}

}  // namespace vesto::functions
