#pragma once

#include <cstdint>

#include "functions/kernel_loops.h"

// Access to the raw states of aggregates, and the loops that most of them share.
namespace vesto::functions {

// A state lies in an arena at 16-byte alignment, zeroed before its first use. T is a plain struct
// for which all zeroes mean "no row yet".
template <typename T>
T* StateAt(uint8_t* raw) {
  return reinterpret_cast<T*>(raw);
}
template <typename T>
const T* StateAt(const uint8_t* raw) {
  return reinterpret_cast<const T*>(raw);
}

// result[i] = body(state): the value, or an empty optional for NULL.
template <typename Out, typename State, typename Body>
absl::Status FinishRows(const uint8_t* const* states, int count, Vector* result, Body body) {
  for (int i = 0; i < count; ++i) {
    const std::optional<Out> value = body(*StateAt<State>(states[i]));
    if (value.has_value()) {
      result->mutable_data<Out>()[i] = *value;
    } else {
      SetNullRow<Out>(result, count, i);
    }
  }
  return absl::OkStatus();
}

// A state outside the arena: one pointer, made on the first row and freed by `destroy`.
template <typename T>
struct OwnedState {
  T* value;

  T& Get() {
    if (value == nullptr) value = new T();
    return *value;
  }
};

template <typename T>
void DestroyOwnedState(uint8_t* raw) {
  auto* state = StateAt<OwnedState<T>>(raw);
  delete state->value;
  state->value = nullptr;
}

}  // namespace vesto::functions
