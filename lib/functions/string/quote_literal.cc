#include "functions/kernel_loops.h"
#include "functions/sql_quoting.h"

namespace vesto::functions {
namespace {

absl::Status QuoteLiteralKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(
      call, result, [](std::string_view text, std::string* out) { AppendLiteral(text, out); });
}

}  // namespace

void Register_string_quote_literal(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "quote_literal",
      .documentation = "The string as an SQL string literal.",
      .overloads = {Signature({kAnyVarchar}, ReturnsLongVarchar(), QuoteLiteralKernel)}});
}

}  // namespace vesto::functions
