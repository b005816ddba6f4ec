#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status ByteaOut(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(
      call, result, [](std::string_view text, std::string* out) { out->assign(text); });
}

}  // namespace

// Catalogs keep their bytea columns (PG_PROC.probin) in external form already.
void Register_string_byteaout(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "byteaout",
      .documentation = "The external form of a catalog's bytea.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({kAnyVarchar}, ReturnsVarcharOf(0), ByteaOut)}});
}

}  // namespace vesto::functions
