#include "functions/kernel_loops.h"
#include "functions/text_position.h"

namespace vesto::functions {
namespace {

absl::Status CharindexKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view, std::string_view>(
      call, result,
      [](std::string_view sub, std::string_view text) { return CharacterPosition(text, sub); });
}

}  // namespace

void Register_string_charindex(Registry& registry) {
  registry.Add(ScalarFunction{.name = "charindex",
                              .documentation =
                                  "The position (from 1, in characters) of a substring in a "
                                  "string, 0 where it is absent: CHARINDEX(substring, string).",
                              .overloads = {Signature({kAnyVarchar, kAnyVarchar},
                                                      Returns(Type::Integer()), CharindexKernel)}});
}

}  // namespace vesto::functions
