#include "functions/kernel_loops.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

std::string_view RightmostCharacters(std::string_view text, int32_t count) {
  size_t at = text.size();
  while (count > 0 && at > 0) {
    --at;
    while (at > 0 && IsContinuationByte(text[at])) --at;
    --count;
  }
  return text.substr(at);
}

absl::Status RightKernel(const KernelCall& call, Vector* result) {
  return MapToView<std::string_view, int32_t>(call, result, RightmostCharacters);
}

}  // namespace

void Register_string_right(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "right",
      .documentation = "The rightmost characters of a string.",
      .overloads = {Signature({kAnyVarchar, Type::Integer()}, ReturnsVarcharOf(0), RightKernel)}});
}

}  // namespace vesto::functions
