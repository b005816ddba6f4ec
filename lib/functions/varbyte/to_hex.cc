#include <cstdio>

#include "functions/hex.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

template <typename T>
absl::Status ToHexOfIntegerKernel(const KernelCall& call, Vector* result) {
  return MapToText<T>(call, result, [](T value, std::string* out) {
    char text[20];
    std::snprintf(text, sizeof(text), "%llx",
                  static_cast<unsigned long long>(static_cast<std::make_unsigned_t<T>>(value)));
    out->assign(text);
  });
}

absl::Status ToHexOfBytesKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(
      call, result, [](std::string_view bytes, std::string* out) { AppendHex(bytes, out); });
}

}  // namespace

void Register_varbyte_to_hex(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "to_hex",
      .documentation = "An integer or a VARBYTE in lower-case hexadecimal.",
      .overloads = {
          Signature({Type::Integer()}, Returns(Type::Varchar(8)), ToHexOfIntegerKernel<int32_t>),
          Signature({Type::Bigint()}, Returns(Type::Varchar(16)), ToHexOfIntegerKernel<int64_t>),
          Signature({kAnyVarbyte}, ReturnsLongVarchar(), ToHexOfBytesKernel)}});
}

}  // namespace vesto::functions
