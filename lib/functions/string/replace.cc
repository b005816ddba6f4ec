#include "base/status_macros.h"
#include "functions/kernel_loops.h"
#include "functions/pattern.h"

namespace vesto::functions {
namespace {

absl::Status ReplaceKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view, std::string_view, std::string_view>(
      call, result,
      [](std::string_view text, std::string_view old, std::string_view with, std::string* out) {
        size_t from = 0;
        if (!old.empty()) {
          for (size_t at = FindBytes(text, old, 0); at != std::string_view::npos;
               at = FindBytes(text, old, from)) {
            out->append(text.substr(from, at - from));
            out->append(with);
            VESTO_RETURN_IF_ERROR(CheckTextSize(*out));  // before the next ones make it huge
            from = at + old.size();
          }
        }
        out->append(text.substr(from));
        return CheckTextSize(*out);
      });
}

}  // namespace

void Register_string_replace(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "replace",
      .documentation = "The string with every occurrence of a substring replaced by another.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar, kAnyVarchar}, ReturnsLongVarchar(),
                              ReplaceKernel)}});
}

}  // namespace vesto::functions
