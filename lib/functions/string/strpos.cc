#include "functions/kernel_loops.h"
#include "functions/text_position.h"

namespace vesto::functions {
namespace {

absl::Status StrposKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view, std::string_view>(
      call, result,
      [](std::string_view text, std::string_view sub) { return CharacterPosition(text, sub); });
}

}  // namespace

void Register_string_strpos(Registry& registry) {
  registry.Add(ScalarFunction{.name = "strpos",
                              .documentation =
                                  "The position (from 1, in characters) of a substring in a "
                                  "string, 0 where it is absent: STRPOS(string, substring).",
                              .overloads = {Signature({kAnyVarchar, kAnyVarchar},
                                                      Returns(Type::Integer()), StrposKernel)}});
}

}  // namespace vesto::functions
