#include "functions/kernel_loops.h"
#include "types/array_text.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

// NULL beside an array is no elements.
absl::Status ArrayCat(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> left(call.args[0]), right(call.args[1]);
  for (int row = 0; row < call.rows; ++row) {
    const bool left_null = call.args[0].IsNull(row), right_null = call.args[1].IsNull(row);
    if (left_null && right_null) {
      SetNullRow<StringRef>(result, call.rows, row);
      continue;
    }
    types::ArrayElements elements;
    if (!left_null) elements = types::ParseArray(left[row], call.args[0].type());
    if (!right_null) {
      for (auto& element : types::ParseArray(right[row], call.args[1].type())) {
        elements.push_back(std::move(element));
      }
    }
    result->mutable_data<StringRef>()[row] =
        result->heap().Add(std::string_view(types::FormatArray(elements)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Type> ArrayCatType(const BindCall& call) {
  const Type left = types::ElementType(call.types[0]), right = types::ElementType(call.types[1]);
  if (!types::IsArray(call.types[0]) || !types::IsArray(call.types[1]) ||
      types::CategoryOf(left) != types::CategoryOf(right)) {
    return SqlError(SqlState::kDatatypeMismatch,
                    "cannot concatenate incompatible arrays: " + call.types[0].ToString() +
                        " and " + call.types[1].ToString());
  }
  return call.types[0].id == TypeId::kArray ? call.types[0] : Type::Array(left.id);
}

}  // namespace

void Register_array_array_cat(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "array_cat",
      .documentation = "Two catalog arrays one after the other, as a || b.",
      .null_rule = NullRule::kCustom,
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({Type::Unknown(), Type::Unknown()}, ArrayCatType, ArrayCat)}});
}

}  // namespace vesto::functions
