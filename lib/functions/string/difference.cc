#include "functions/kernel_loops.h"
#include "functions/soundex.h"

namespace vesto::functions {
namespace {

absl::Status DifferenceKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view, std::string_view>(
      call, result, [](std::string_view a, std::string_view b) {
        const std::string x = SoundexCode(a);
        const std::string y = SoundexCode(b);
        if (x.empty() && y.empty()) return 1;
        if (x.empty() || y.empty()) return 0;
        int equal = 0;
        for (size_t i = 0; i < x.size(); ++i) equal += x[i] == y[i];
        return equal;
      });
}

}  // namespace

void Register_string_difference(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "difference",
                     .documentation = "How alike the Soundex codes of two strings are, 0 to 4.",
                     .overloads = {Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Integer()),
                                             DifferenceKernel)}});
}

}  // namespace vesto::functions
