#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status ChrKernel(const KernelCall& call, Vector* result) {
  return MapToText<int32_t>(call, result, [](int32_t code, std::string* out) {
    if (code < 1 || code > 127) return false;
    out->push_back(static_cast<char>(code));
    return true;
  });
}

}  // namespace

void Register_string_chr(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "chr",
      .documentation = "The ASCII character of a code; NULL for other codes.",
      .overloads = {Signature({Type::Integer()}, Returns(Type::Varchar(1)), ChrKernel)}});
}

}  // namespace vesto::functions
