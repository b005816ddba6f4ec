#include "functions/kernel_loops.h"
#include "functions/sql_quoting.h"

namespace vesto::functions {
namespace {

absl::Status QuoteIdentKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(
      call, result, [](std::string_view name, std::string* out) { AppendIdentifier(name, out); });
}

}  // namespace

void Register_string_quote_ident(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "quote_ident",
      .documentation =
          "The string as an SQL identifier: double quotes are added where they are needed.",
      .overloads = {Signature({kAnyVarchar}, ReturnsLongVarchar(), QuoteIdentKernel)}});
}

}  // namespace vesto::functions
