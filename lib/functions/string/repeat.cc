#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status RepeatKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view, int32_t>(
      call, result, [](std::string_view text, int32_t count, std::string* out) {
        if (count <= 0 || text.empty()) return absl::OkStatus();
        VESTO_RETURN_IF_ERROR(CheckTextSize(text.size() * static_cast<uint64_t>(count)));
        for (int32_t i = 0; i < count; ++i) out->append(text);
        return absl::OkStatus();
      });
}

}  // namespace

void Register_string_repeat(Registry& registry) {
  registry.Add(ScalarFunction{.name = "repeat",
                              .aliases = {"replicate"},
                              .documentation = "The string repeated a number of times.",
                              .can_fail = true,
                              .overloads = {Signature({kAnyVarchar, Type::Integer()},
                                                      ReturnsLongVarchar(), RepeatKernel)}});
}

}  // namespace vesto::functions
