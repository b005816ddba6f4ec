#include "functions/json_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status IsValidJsonKernel(const KernelCall& call, Vector* result) {
  JsonText json;
  return MapRows<uint8_t, std::string_view>(call, result, [&json](std::string_view text) {
    return json.KindOf(text) == JsonKind::kObject;
  });
}

}  // namespace

void Register_json_is_valid_json(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "is_valid_json",
      .documentation = "Whether a string is a JSON object.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Boolean()), IsValidJsonKernel)}});
}

}  // namespace vesto::functions
