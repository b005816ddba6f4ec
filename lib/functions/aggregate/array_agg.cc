#include "base/status_macros.h"
#include "absl/strings/str_cat.h"
#include "functions/aggregate_loops.h"
#include "types/array_text.h"
#include "functions/kernel_loops.h"
#include "types/text.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

constexpr size_t kArrayElementsMax = 1'000'000;

absl::Status ArrayTooLong() {
  return SqlError(SqlState::kProgramLimitExceeded, "array size exceeds the maximum allowed")
      .Detail(absl::StrCat("The maximum is ", kArrayElementsMax, " elements."));
}

absl::Status ArrayAggUpdate(const AggregateCall& call, uint8_t* const* states) {
  const Vector& values = call.args[0];
  for (int row = 0; row < call.rows; ++row) {
    types::ArrayElements& elements = StateAt<OwnedState<types::ArrayElements>>(states[row])->Get();
    if (elements.size() >= kArrayElementsMax) return ArrayTooLong();
    if (values.IsNull(row)) {
      elements.emplace_back();
    } else {
      elements.emplace_back(types::ValueToText(values.ValueAt(row), call.context.text));
    }
  }
  return absl::OkStatus();
}

absl::Status ArrayAggMerge(const AggregateCall&, const uint8_t* const* sources,
                           uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const types::ArrayElements* source = StateAt<OwnedState<types::ArrayElements>>(sources[i])->value;
    if (source == nullptr) continue;
    types::ArrayElements& target = StateAt<OwnedState<types::ArrayElements>>(targets[i])->Get();
    if (target.size() + source->size() > kArrayElementsMax) return ArrayTooLong();
    target.insert(target.end(), source->begin(), source->end());
  }
  return absl::OkStatus();
}

absl::Status ArrayAggFinish(const AggregateCall&, const uint8_t* const* states, int count,
                            Vector* result) {
  for (int i = 0; i < count; ++i) {
    const types::ArrayElements* elements = StateAt<OwnedState<types::ArrayElements>>(states[i])->value;
    if (elements == nullptr) {
      SetNullRow<StringRef>(result, count, i);
    } else {
      result->mutable_data<StringRef>()[i] =
          result->heap().Add(std::string_view(types::FormatArray(*elements)));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Type> ArrayAggType(const BindCall& call) {
  Type element = call.types[0];
  // An array of strings is text[], as PostgreSQL makes of ARRAY['a'] and of names cast to text.
  if (element.id == TypeId::kUnknown || element.id == TypeId::kVarchar) element.id = TypeId::kText;
  const Type array = Type::Array(element.id);
  if (types::TypeOid(array) == 0) {
    return NotSupported(absl::StrCat("arrays of ", element.ToString()));
  }
  return array;
}

}  // namespace

void Register_aggregate_array_agg(Registry& registry) {
  AggregateOverload overload;
  overload.parameters = {Type::Unknown()};
  overload.result = ArrayAggType;
  overload.state_bytes = sizeof(OwnedState<types::ArrayElements>);
  overload.update = ArrayAggUpdate;
  overload.merge = ArrayAggMerge;
  overload.finish = ArrayAggFinish;
  overload.destroy = DestroyOwnedState<types::ArrayElements>;
  registry.Add(AggregateFunction{
      .name = "array_agg",
      .documentation = "The values of the group as an array of the leader, NULLs included.",
      .locality = Locality::kLeaderOnly,
      .ignores_nulls = false,
      .ordered = true,
      .overloads = {std::move(overload)}});
}

}  // namespace vesto::functions
