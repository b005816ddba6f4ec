#include "functions/joined_text.h"
#include "functions/kernel_loops.h"

// STRING_AGG of later PostgreSQL, which clients ask the catalog with. Redshift has LISTAGG.
namespace vesto::functions {
namespace {

absl::Status StringAggAdd(JoinedText* state, std::string_view value, std::string_view delimiter) {
  state->Append(value, delimiter);
  return CheckTextSize(state->text);
}

absl::Status StringAggUpdate(const AggregateCall& call, uint8_t* const* states) {
  const Argument<std::string_view> value(call.args[0]), delimiter(call.args[1]);
  for (int row = 0; row < call.rows; ++row) {
    // A NULL value is skipped, a NULL delimiter is none.
    if (call.args[0].IsNull(row)) continue;
    VESTO_RETURN_IF_ERROR(
        StringAggAdd(&StateAt<OwnedState<JoinedText>>(states[row])->Get(), value[row],
                     call.args[1].IsNull(row) ? std::string_view() : delimiter[row]));
  }
  return absl::OkStatus();
}

}  // namespace

void Register_aggregate_string_agg(Registry& registry) {
  AggregateOverload overload;
  overload.parameters = {kAnyVarchar, kAnyVarchar};
  overload.result = ReturnsLongVarchar();
  overload.state_bytes = sizeof(OwnedState<JoinedText>);
  overload.update = StringAggUpdate;
  overload.merge = JoinedTextMerge<StringAggAdd>;
  overload.finish = JoinedTextFinish;
  overload.destroy = DestroyOwnedState<JoinedText>;
  registry.Add(AggregateFunction{
      .name = "string_agg",
      .documentation = "The values one after the other, with a delimiter between them; NULLs are "
                       "skipped.",
      .locality = Locality::kLeaderOnly,
      .ignores_nulls = false,
      .ordered = true,
      .overloads = {overload}});
}

}  // namespace vesto::functions
