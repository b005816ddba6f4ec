#include "functions/kernel_loops.h"
#include "functions/letter_case.h"

namespace vesto::functions {
namespace {

absl::Status InitcapKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(call, result, AppendInitcap);
}

}  // namespace

void Register_string_initcap(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "initcap",
      .documentation =
          "The string with the first letter of each word in upper case and the rest in lower case.",
      .overloads = {Signature({kAnyVarchar}, ReturnsVarcharOf(0), InitcapKernel)}});
}

}  // namespace vesto::functions
