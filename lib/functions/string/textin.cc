#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status TextIn(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(
      call, result, [](std::string_view text, std::string* out) { out->assign(text); });
}

}  // namespace

// With BYTEAOUT, which gives its external form to it, Amazon's JDBC driver's way from PG_PROC's bytea
// `probin` to a text.
void Register_string_textin(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "textin",
      .documentation = "A TEXT from its external form, which is the same text.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({kAnyVarchar}, ReturnsVarcharOf(0), TextIn)}});
}

}  // namespace vesto::functions
