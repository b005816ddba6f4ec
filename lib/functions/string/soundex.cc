#include "functions/soundex.h"

#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status SoundexKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(
      call, result, [](std::string_view text, std::string* out) { *out = SoundexCode(text); });
}

}  // namespace

void Register_string_soundex(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "soundex",
      .documentation = "The American Soundex code of a string; empty where it has no letter.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Varchar(4)), SoundexKernel)}});
}

}  // namespace vesto::functions
