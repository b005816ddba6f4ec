#include "functions/joined_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

constexpr size_t kListaggBytesMax = 65535;

absl::Status ListaggTooLong() {
  return SqlError(SqlState::kProgramLimitExceeded, "Result size exceeds LISTAGG limit")
      .Detail("LISTAGG limit: 65535");
}

absl::Status ListaggAdd(JoinedText* state, std::string_view value, std::string_view delimiter) {
  if (value.empty()) return absl::OkStatus();
  state->Append(value, delimiter);
  return state->text.size() <= kListaggBytesMax ? absl::OkStatus() : ListaggTooLong();
}

absl::Status ListaggUpdate(const AggregateCall& call, uint8_t* const* states) {
  const Argument<std::string_view> value(call.args[0]);
  const bool has_delimiter = call.args.size() > 1;
  const Argument<std::string_view> delimiter(call.args[has_delimiter ? 1 : 0]);
  for (int row = 0; row < call.rows; ++row) {
    VESTO_RETURN_IF_ERROR(ListaggAdd(&StateAt<OwnedState<JoinedText>>(states[row])->Get(),
                                     value[row],
                                     has_delimiter ? delimiter[row] : std::string_view()));
  }
  return absl::OkStatus();
}

AggregateOverload ListaggOverload(std::vector<Type> parameters) {
  AggregateOverload overload;
  overload.parameters = std::move(parameters);
  overload.result = ReturnsLongVarchar();
  overload.state_bytes = sizeof(OwnedState<JoinedText>);
  overload.update = ListaggUpdate;
  overload.merge = JoinedTextMerge<ListaggAdd>;
  overload.finish = JoinedTextFinish;
  overload.destroy = DestroyOwnedState<JoinedText>;
  return overload;
}

}  // namespace

void Register_aggregate_listagg(Registry& registry) {
  registry.Add(AggregateFunction{
      .name = "listagg",
      .documentation = "The values one after the other, with a delimiter between them; NULL and "
                       "empty values are skipped.",
      .ordered = true,
      .overloads = {ListaggOverload({kAnyVarchar}), ListaggOverload({kAnyVarchar, kAnyVarchar})}});
}

}  // namespace vesto::functions
