#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// The type does the work; the string stays as it is.
absl::Status CollateKernel(const KernelCall& call, Vector* result) {
  return MapToView<std::string_view>(call, result, [](std::string_view text) { return text; });
}

absl::StatusOr<Type> CollateType(const BindCall& call) {
  Type type = call.types[0];
  if (type.length == 0) type.length = kVarcharMaxBytes;
  const auto name = ConstantText(call, 1);
  if (name == "case_insensitive" || name == "ci") {
    type.case_insensitive = true;
  } else if (name == "case_sensitive" || name == "cs") {
    type.case_insensitive = false;
  } else {
    return SqlError(SqlState::kInvalidParameterValue,
                    "collation must be 'case_sensitive' or 'case_insensitive'")
        .ToStatus();
  }
  return type;
}

}  // namespace

void Register_string_collate(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "collate",
      .documentation =
          "A string that compares with a collation: 'case_sensitive' or 'case_insensitive'.",
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, CollateType, CollateKernel),
                    Signature({kAnyChar, kAnyVarchar}, CollateType, CollateKernel)}});
}

}  // namespace vesto::functions
