#include "functions/kernel_loops.h"
#include "functions/trim.h"

namespace vesto::functions {
namespace {

absl::Status BtrimKernel(const KernelCall& call, Vector* result) {
  return TrimRows(call, result, /*front=*/true, /*back=*/true);
}

}  // namespace

void Register_string_btrim(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "btrim",
      .aliases = {"trim"},
      .documentation =
          "The string without the leading and trailing characters of a set (default: blanks).",
      .column_name = "btrim",
      .overloads = {Signature({kAnyVarchar}, ReturnsVarcharOf(0), BtrimKernel),
                    Signature({kAnyVarchar, kAnyVarchar}, ReturnsVarcharOf(0), BtrimKernel)}});
}

}  // namespace vesto::functions
