#include "functions/kernel_loops.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

absl::Status ReverseKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(call, result, [](std::string_view text, std::string* out) {
    out->resize(text.size());
    size_t target = text.size();
    for (size_t at = 0; at < text.size();) {
      const size_t next = NextCharacterAt(text, at);
      target -= next - at;
      out->replace(target, next - at, text.substr(at, next - at));
      at = next;
    }
  });
}

}  // namespace

void Register_string_reverse(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "reverse",
                     .documentation = "The characters of a string in reverse order.",
                     .overloads = {Signature({kAnyVarchar}, ReturnsVarcharOf(0), ReverseKernel)}});
}

}  // namespace vesto::functions
