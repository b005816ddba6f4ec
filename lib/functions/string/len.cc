#include "functions/kernel_loops.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

absl::Status LenKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(call, result, CountCharacters);
}

absl::Status LenOfBytesKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(call, result,
                                            [](std::string_view bytes) { return bytes.size(); });
}

}  // namespace

void Register_string_len(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "len",
      .aliases = {"length", "char_length", "character_length", "textlen"},
      .documentation = "The number of characters of a string (CHAR: without trailing blanks), or "
                       "of bytes of a VARBYTE.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Integer()), LenKernel),
                    Signature({kAnyChar}, Returns(Type::Integer()), LenKernel),
                    Signature({kAnyVarbyte}, Returns(Type::Integer()), LenOfBytesKernel)}});
}

}  // namespace vesto::functions
