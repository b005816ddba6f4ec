#include "base/status_macros.h"
#include "types/array_text.h"
#include "functions/kernel_loops.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

enum class ArrayBound { kLower, kUpper, kLength };

// Arrays of the catalog have one dimension: any other has no bounds, nor has an empty array.
template <ArrayBound kBound>
std::optional<int32_t> BoundOf(std::string_view text, const Type& type, int32_t dimension) {
  if (dimension != 1) return std::nullopt;
  const auto size = static_cast<int32_t>(types::ParseArray(text, type).size());
  if (kBound == ArrayBound::kLength) return size;
  if (size == 0) return std::nullopt;
  const int first = types::FirstIndex(type);
  return kBound == ArrayBound::kLower ? first : first + size - 1;
}

template <ArrayBound kBound>
absl::Status ArrayBoundKernel(const KernelCall& call, Vector* result) {
  const Type& type = call.args[0].type();
  if (call.args.size() == 1) {
    return MapRows<int32_t, std::string_view>(
        call, result, [&](std::string_view text) { return BoundOf<kBound>(text, type, 1); });
  }
  return MapRows<int32_t, std::string_view, int32_t>(
      call, result, [&](std::string_view text, int32_t dimension) {
        return BoundOf<kBound>(text, type, dimension);
      });
}

// An array, or a refusal that names the type.
absl::StatusOr<Type> BoundType(const BindCall& call) {
  if (types::IsArray(call.types[0])) return Type::Integer();
  return SqlError(SqlState::kDatatypeMismatch,
                  "argument must be an array, not type " + call.types[0].ToString());
}

}  // namespace

void Register_array_array_bounds(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "array_lower",
      .documentation = "The lowest index of a catalog array in a dimension.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({Type::Unknown(), Type::Integer()}, BoundType,
                              ArrayBoundKernel<ArrayBound::kLower>)}});
  registry.Add(ScalarFunction{
      .name = "array_upper",
      .documentation = "The highest index of a catalog array in a dimension.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({Type::Unknown(), Type::Integer()}, BoundType,
                              ArrayBoundKernel<ArrayBound::kUpper>)}});
  registry.Add(ScalarFunction{
      .name = "array_length",
      .documentation = "How many elements a catalog array has.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({Type::Unknown()}, BoundType,
                              ArrayBoundKernel<ArrayBound::kLength>),
                    Signature({Type::Unknown(), Type::Integer()}, BoundType,
                              ArrayBoundKernel<ArrayBound::kLength>)}});
}

}  // namespace vesto::functions
