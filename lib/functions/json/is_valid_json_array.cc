#include "functions/json_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status IsValidJsonArrayKernel(const KernelCall& call, Vector* result) {
  JsonText json;
  return MapRows<uint8_t, std::string_view>(call, result, [&json](std::string_view text) {
    return json.KindOf(text) == JsonKind::kArray;
  });
}

}  // namespace

void Register_json_is_valid_json_array(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "is_valid_json_array",
      .documentation = "Whether a string is a JSON array.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Boolean()), IsValidJsonArrayKernel)}});
}

}  // namespace vesto::functions
