#include "functions/kernel_loops.h"
#include "functions/text_position.h"

namespace vesto::functions {
namespace {

absl::Status PositionKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view, std::string_view>(
      call, result,
      [](std::string_view sub, std::string_view text) { return CharacterPosition(text, sub); });
}

}  // namespace

void Register_string_position(Registry& registry) {
  registry.Add(ScalarFunction{.name = "position",
                              .documentation =
                                  "The position (from 1, in characters) of a substring in a "
                                  "string: POSITION(substring IN string).",
                              .overloads = {Signature({kAnyVarchar, kAnyVarchar},
                                                      Returns(Type::Integer()), PositionKernel)}});
}

}  // namespace vesto::functions
