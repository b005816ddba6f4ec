#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <typeindex>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/cancellation.h"
#include "types/text.h"
#include "vesto/value.h"

namespace vesto::functions {

// What an expression may know of the world besides its arguments: values only, no session.
// Made by the leader for each statement and shared read-only by all slices.
// Thread-safety: immutable while a statement runs.
struct EvalContext {
  types::TextContext text;               // time zone, datestyle, extra_float_digits
  int64_t transaction_start_micros = 0;  // UTC; SYSDATE, CURRENT_DATE
  int64_t statement_start_micros = 0;    // UTC; GETDATE
  std::string user, database;
  int32_t user_id = 100;
  int32_t session_pid = 0;
  int64_t query_id = 0;
  bool numeric_rounding = false;  // enable_numeric_rounding
  bool on_leader = false;         // leader segments and constant folding: PostgreSQL's rules
  uint64_t random_seed = 0;
  // How many random numbers the statement has handed out, over all calls and slices; its owner's. Null
  // where no statement runs (constant folding).
  std::atomic<uint64_t>* random_numbers = nullptr;
  std::vector<Value> parameters;  // $1 is parameters[0]
  const base::Cancellation* cancellation = nullptr;

  // A typed handle for functions that read a room (CURRENT_SCHEMA, PG_GET_COLS, ...): the owning
  // room defines T and registers the functions. nullptr where the statement has none.
  template <typename T>
  const T* Handle() const {
    auto it = handles.find(std::type_index(typeid(T)));
    return it == handles.end() ? nullptr : static_cast<const T*>(it->second);
  }
  template <typename T>
  void SetHandle(const T* handle) {
    handles[std::type_index(typeid(T))] = handle;
  }
  absl::flat_hash_map<std::type_index, const void*> handles;
};

}  // namespace vesto::functions
