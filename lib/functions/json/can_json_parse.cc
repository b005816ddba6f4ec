#include "functions/json_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status CanJsonParseKernel(const KernelCall& call, Vector* result) {
  JsonText json;
  return MapRows<uint8_t, std::string_view>(call, result, [&json](std::string_view text) {
    return json.KindOf(text) != JsonKind::kInvalid;
  });
}

}  // namespace

void Register_json_can_json_parse(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "can_json_parse",
      .documentation = "Whether a string is any JSON value.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Boolean()), CanJsonParseKernel),
                    Signature({kAnyVarbyte}, Returns(Type::Boolean()), CanJsonParseKernel)}});
}

}  // namespace vesto::functions
