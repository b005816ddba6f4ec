#include "functions/digest.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status Sha1Kernel(const KernelCall& call, Vector* result) {
  return DigestRows(call, result, Digest::kSha1);
}

}  // namespace

void Register_hash_sha1(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "sha1",
      .aliases = {"sha", "func_sha1"},
      .documentation = "The SHA-1 digest of a string in lower-case hexadecimal.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Varchar(40)), Sha1Kernel),
                    Signature({kAnyVarbyte}, Returns(Type::Varchar(40)), Sha1Kernel)}});
}

}  // namespace vesto::functions
