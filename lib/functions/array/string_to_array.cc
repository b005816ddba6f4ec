#include "types/array_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status StringToArray(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view, std::string_view>(
      call, result, [](std::string_view text, std::string_view separator, std::string* out) {
        types::ArrayElements elements;
        while (!text.empty()) {
          const size_t end =
              separator.empty() ? std::string_view::npos : text.find(separator);
          elements.emplace_back(std::string(text.substr(0, end)));
          if (end == std::string_view::npos) break;
          text.remove_prefix(end + separator.size());
          if (text.empty()) elements.emplace_back(std::string());
        }
        *out = types::FormatArray(elements);
      });
}

}  // namespace

void Register_array_string_to_array(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "string_to_array",
      .documentation = "The pieces of a string between separators, as an array of the leader.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Array(TypeId::kText)),
                              StringToArray)}});
}

}  // namespace vesto::functions
