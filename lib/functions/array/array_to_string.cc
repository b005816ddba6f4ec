#include "base/status_macros.h"
#include "types/array_text.h"
#include "functions/kernel_loops.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

absl::Status ArrayToString(const KernelCall& call, Vector* result) {
  const Type& type = call.args[0].type();
  return MapToText<std::string_view, std::string_view>(
      call, result, [&type](std::string_view array, std::string_view separator, std::string* out) {
        bool first = true;
        for (const auto& element : types::ParseArray(array, type)) {
          if (!element.has_value()) continue;
          if (!first) out->append(separator);
          out->append(*element);
          first = false;
        }
      });
}

}  // namespace

void Register_array_array_to_string(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "array_to_string",
      .documentation = "The elements of a catalog array as text, joined by a separator.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({Type::Unknown(), kAnyVarchar}, ReturnsLongVarchar(),
                              ArrayToString)}});
}

}  // namespace vesto::functions
