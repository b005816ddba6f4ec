#include "functions/kernel_loops.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

absl::Status LeftKernel(const KernelCall& call, Vector* result) {
  return MapToView<std::string_view, int32_t>(call, result,
                                              [](std::string_view text, int32_t count) {
                                                return text.substr(0, CharacterOffset(text, count));
                                              });
}

}  // namespace

void Register_string_left(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "left",
      .documentation = "The leftmost characters of a string.",
      .overloads = {Signature({kAnyVarchar, Type::Integer()}, ReturnsVarcharOf(0), LeftKernel)}});
}

}  // namespace vesto::functions
