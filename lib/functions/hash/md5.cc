#include "functions/digest.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status Md5Kernel(const KernelCall& call, Vector* result) {
  return DigestRows(call, result, Digest::kMd5);
}

}  // namespace

void Register_hash_md5(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "md5",
      .documentation = "The MD5 digest of a string in lower-case hexadecimal.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Varchar(32)), Md5Kernel),
                    Signature({kAnyVarbyte}, Returns(Type::Varchar(32)), Md5Kernel)}});
}

}  // namespace vesto::functions
