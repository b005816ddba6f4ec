#include "functions/digest.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status Sha2Kernel(const KernelCall& call, Vector* result) {
  Digester digester;
  return MapToText<std::string_view, int32_t>(
      call, result, [&digester](std::string_view text, int32_t bits, std::string* out) {
        switch (bits) {
          case 0:
          case 256:
            digester.AppendHex(Digest::kSha256, text, out);
            break;
          case 224:
            digester.AppendHex(Digest::kSha224, text, out);
            break;
          case 384:
            digester.AppendHex(Digest::kSha384, text, out);
            break;
          case 512:
            digester.AppendHex(Digest::kSha512, text, out);
            break;
          default:
            break;  // other lengths give the empty string
        }
      });
}

}  // namespace

void Register_hash_sha2(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "sha2",
      .documentation =
          "The SHA-2 digest of a string in hexadecimal: 224, 256 (or 0), 384 or 512 bits.",
      .overloads = {
          Signature({kAnyVarchar, Type::Integer()}, Returns(Type::Varchar(128)), Sha2Kernel),
          Signature({kAnyVarbyte, Type::Integer()}, Returns(Type::Varchar(128)), Sha2Kernel)}});
}

}  // namespace vesto::functions
