#include "functions/aggregate_loops.h"
#include "functions/kernel_loops.h"

// STRING_AGG of later PostgreSQL, which clients ask the catalog with. Redshift has LISTAGG.
namespace vesto::functions {
namespace {

// Values with the delimiter of their row before them, but the first.
struct JoinedText {
  std::string text;
  std::string delimiter;  // of the first row: what comes before it when states merge
  bool seen = false;
};

absl::Status JoinText(JoinedText* state, std::string_view value, std::string_view delimiter) {
  if (state->seen) {
    state->text.append(delimiter);
  } else {
    state->delimiter = delimiter;
  }
  state->seen = true;
  state->text.append(value);
  return CheckTextSize(state->text);
}

absl::Status StringAggUpdate(const AggregateCall& call, uint8_t* const* states) {
  const Argument<std::string_view> value(call.args[0]), delimiter(call.args[1]);
  for (int row = 0; row < call.rows; ++row) {
    // A NULL value is skipped, a NULL delimiter is none.
    if (call.args[0].IsNull(row)) continue;
    VESTO_RETURN_IF_ERROR(
        JoinText(&StateAt<OwnedState<JoinedText>>(states[row])->Get(), value[row],
                 call.args[1].IsNull(row) ? std::string_view() : delimiter[row]));
  }
  return absl::OkStatus();
}

absl::Status StringAggMerge(const AggregateCall&, const uint8_t* const* sources,
                            uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const JoinedText* source = StateAt<OwnedState<JoinedText>>(sources[i])->value;
    if (source == nullptr || !source->seen) continue;
    VESTO_RETURN_IF_ERROR(JoinText(&StateAt<OwnedState<JoinedText>>(targets[i])->Get(),
                                   source->text, source->delimiter));
  }
  return absl::OkStatus();
}

absl::Status StringAggFinish(const AggregateCall&, const uint8_t* const* states, int count,
                             Vector* result) {
  for (int i = 0; i < count; ++i) {
    const JoinedText* state = StateAt<OwnedState<JoinedText>>(states[i])->value;
    if (state == nullptr || !state->seen) {
      SetNullRow<StringRef>(result, count, i);
    } else {
      result->mutable_data<StringRef>()[i] = result->heap().Add(std::string_view(state->text));
    }
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
  overload.merge = StringAggMerge;
  overload.finish = StringAggFinish;
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
