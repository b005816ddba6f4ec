#pragma once

#include <string>
#include <string_view>

#include "functions/aggregate_loops.h"

// What LISTAGG and STRING_AGG have in common: values one after the other, in the order in which rows
// arrive. What they skip and how long they may get is their own.
namespace vesto::functions {

struct JoinedText {
  std::string text;
  std::string delimiter;  // of the first value: what comes before it when states merge
  bool seen = false;

  // The delimiter comes before the value, but for the first.
  void Append(std::string_view value, std::string_view delimiter_before) {
    if (seen) {
      text.append(delimiter_before);
    } else {
      delimiter = delimiter_before;
    }
    seen = true;
    text.append(value);
  }
};

// `Add` is (JoinedText*, value, delimiter) -> absl::Status. Keeps order only where the sources' rows
// come after the targets'.
template <auto Add>
absl::Status JoinedTextMerge(const AggregateCall&, const uint8_t* const* sources,
                             uint8_t* const* targets, int count) {
  for (int i = 0; i < count; ++i) {
    const JoinedText* source = StateAt<OwnedState<JoinedText>>(sources[i])->value;
    if (source == nullptr || !source->seen) continue;
    VESTO_RETURN_IF_ERROR(Add(&StateAt<OwnedState<JoinedText>>(targets[i])->Get(), source->text,
                              source->delimiter));
  }
  return absl::OkStatus();
}

inline absl::Status JoinedTextFinish(const AggregateCall&, const uint8_t* const* states, int count,
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

}  // namespace vesto::functions
