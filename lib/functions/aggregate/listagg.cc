#include "functions/aggregate_loops.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

constexpr size_t kListaggBytesMax = 65535;

// Values and delimiters in the order in which rows arrive.
struct ListaggText {
  std::string text;
  std::string delimiter;
  bool seen = false;
};

absl::Status ListaggTooLong() {
  return SqlError(SqlState::kProgramLimitExceeded, "Result size exceeds LISTAGG limit")
      .Detail("LISTAGG limit: 65535");
}

absl::Status ListaggAdd(ListaggText* state, std::string_view value, std::string_view delimiter) {
  if (value.empty()) return absl::OkStatus();
  if (state->seen) {
    state->text.append(delimiter);
  } else {
    state->delimiter = delimiter;
  }
  state->seen = true;
  state->text.append(value);
  return state->text.size() <= kListaggBytesMax ? absl::OkStatus() : ListaggTooLong();
}

absl::Status ListaggUpdate(const AggregateCall& call, uint8_t* const* states) {
  const Argument<std::string_view> value(call.args[0]);
  const bool has_delimiter = call.args.size() > 1;
  const Argument<std::string_view> delimiter(call.args[has_delimiter ? 1 : 0]);
  for (int row = 0; row < call.rows; ++row) {
    VESTO_RETURN_IF_ERROR(ListaggAdd(&StateAt<OwnedState<ListaggText>>(states[row])->Get(),
                                     value[row],
                                     has_delimiter ? delimiter[row] : std::string_view()));
  }
  return absl::OkStatus();
}

// Keeps order only where the sources' rows come after the targets'.
absl::Status ListaggMerge(const AggregateCall&, const uint8_t* const* sources,
                          uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const ListaggText* source = StateAt<OwnedState<ListaggText>>(sources[i])->value;
    if (source == nullptr || !source->seen) continue;
    VESTO_RETURN_IF_ERROR(ListaggAdd(&StateAt<OwnedState<ListaggText>>(targets[i])->Get(),
                                     source->text, source->delimiter));
  }
  return absl::OkStatus();
}

absl::Status ListaggFinish(const AggregateCall&, const uint8_t* const* states, int count,
                           Vector* result) {
  for (int i = 0; i < count; ++i) {
    const ListaggText* state = StateAt<OwnedState<ListaggText>>(states[i])->value;
    if (state == nullptr || !state->seen) {
      SetNullRow<StringRef>(result, count, i);
    } else {
      result->mutable_data<StringRef>()[i] = result->heap().Add(std::string_view(state->text));
    }
  }
  return absl::OkStatus();
}

AggregateOverload ListaggOverload(std::vector<Type> parameters) {
  AggregateOverload overload;
  overload.parameters = std::move(parameters);
  overload.result = ReturnsLongVarchar();
  overload.state_bytes = sizeof(OwnedState<ListaggText>);
  overload.update = ListaggUpdate;
  overload.merge = ListaggMerge;
  overload.finish = ListaggFinish;
  overload.destroy = DestroyOwnedState<ListaggText>;
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
