#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status BpcharcmpKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view, std::string_view>(
      call, result, [](std::string_view a, std::string_view b) {
        const int order = a.compare(b);
        return (order > 0) - (order < 0);
      });
}

}  // namespace

void Register_string_bpcharcmp(Registry& registry) {
  registry.Add(ScalarFunction{.name = "bpcharcmp",
                              .aliases = {"bttext_pattern_cmp"},
                              .documentation = "Compares two strings byte by byte: -1, 0 or 1.",
                              .overloads = {Signature({kAnyVarchar, kAnyVarchar},
                                                      Returns(Type::Integer()), BpcharcmpKernel)}});
}

}  // namespace vesto::functions
