#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "column/vector.h"
#include "functions/eval_context.h"
#include "vesto/type.h"
#include "vesto/value.h"

// What a function of the SQL language is: its documentation, overloads and kernels.
namespace vesto::functions {

using column::Vector;

enum class Volatility : uint8_t {
  kImmutable,  // same arguments, same result: may be folded and evaluated once per dictionary entry
  kStable,     // the same within a statement
  kVolatile,   // evaluated per row
};

// Where a function may run. Source: redshift/architecture.md §18.
enum class Locality : uint8_t { kAnywhere, kLeaderOnly, kComputeOnly };

enum class NullRule : uint8_t {
  kStrict,  // a NULL argument makes the row NULL; the interpreter sees to it, before the kernel
  kCustom,  // the kernel reads and writes the NULL bytes itself
};

// One call of a kernel on a batch. Arguments are flat or constant vectors of `rows` rows, in the
// physical form of the overload's parameter types. At a strict kernel's NULL rows the arguments'
// slots hold zero or the empty string; a kernel that can fail skips rows where `nulls[row] != 0`.
struct KernelCall {
  const EvalContext& context;
  std::span<const Vector> args;
  int rows = 0;
  const uint8_t* nulls = nullptr;   // union of the arguments' NULLs; null when there are none
  const void* state = nullptr;      // what `prepare` made
  const Type& result_type;
};

// Fills `*result`, a flat vector of `rows` rows in the result type's default physical form (long
// strings go to result->heap()). May set more rows NULL. The first error fails the statement.
using Kernel = absl::Status (*)(const KernelCall& call, Vector* result);

// What an overload knows of its arguments when it is bound.
struct BindCall {
  std::span<const Type> types;                 // after conversion to the parameter types
  std::span<const Value* const> constants;     // null where the argument is no constant
};

struct Overload {
  // A DECIMAL parameter of length 0 accepts any precision and keeps the argument's; likewise CHAR,
  // VARCHAR and VARBYTE of length 0. kUnknown as a parameter accepts any type as it is.
  std::vector<Type> parameters;
  bool variadic = false;  // the last parameter may repeat, once or more
  // The result's type; may refuse with an SQL error.
  std::function<absl::StatusOr<Type>(const BindCall&)> result;
  Kernel kernel = nullptr;
  // Optional: compiles constant arguments (a pattern, a format) once per bound call.
  std::function<absl::StatusOr<std::shared_ptr<const void>>(const BindCall&)> prepare;
};

struct ScalarFunction {
  std::string name = {};                  // lower case
  std::vector<std::string> aliases = {};  // NVL for COALESCE, LENGTH and CHAR_LENGTH for LEN, ...
  std::string documentation = {};         // one sentence
  std::string column_name = {};  // default result column name; "" = as called (functions.md §0)
  NullRule null_rule = NullRule::kStrict;
  Volatility volatility = Volatility::kImmutable;
  Locality locality = Locality::kAnywhere;
  bool can_fail = false;              // a kernel that may return an error for some rows
  bool no_parentheses = false;        // SYSDATE, CURRENT_DATE, USER: written as a word
  std::vector<Overload> overloads = {};
};

// --- Aggregates -------------------------------------------------------------------------------
// A state is `state_bytes` raw bytes at 16-byte alignment in an arena: zeroed, then `init`-ed when
// there is one. Slices always merge: every aggregate has `merge`.
struct AggregateCall {
  const EvalContext& context;
  std::span<const Vector> args;  // flat or constant; DISTINCT and NULL filtering are done before
  int rows = 0;
  const Type& result_type;
  column::StringHeap* heap = nullptr;  // where states keep long strings
};

struct AggregateOverload {
  std::vector<Type> parameters = {};
  std::function<absl::StatusOr<Type>(const BindCall&)> result = {};
  size_t state_bytes = 0;
  void (*init)(uint8_t* state) = nullptr;
  // Adds row i of the arguments to states[i].
  absl::Status (*update)(const AggregateCall& call, uint8_t* const* states) = nullptr;
  // Adds every row to one state. Optional: the engine falls back to `update`.
  absl::Status (*update_single)(const AggregateCall& call, uint8_t* state) = nullptr;
  // Adds sources[i] to targets[i].
  absl::Status (*merge)(const AggregateCall& call, const uint8_t* const* sources,
                        uint8_t* const* targets, int count) = nullptr;
  // Writes row i of `result` (flat, default physical form of the result type) from states[i].
  absl::Status (*finish)(const AggregateCall& call, const uint8_t* const* states, int count,
                         Vector* result) = nullptr;
  // Optional: for states that own memory outside the arena.
  void (*destroy)(uint8_t* state) = nullptr;
};

struct AggregateFunction {
  std::string name = {};
  std::vector<std::string> aliases = {};
  std::string documentation = {};
  std::string column_name = {};
  Locality locality = Locality::kAnywhere;
  bool ignores_nulls = true;      // rows with a NULL argument do not reach `update`
  bool ordered = false;           // takes WITHIN GROUP (ORDER BY ...): LISTAGG, PERCENTILE_CONT
  bool window_only = false;
  // How many leading parameters are constants read at bind time (LISTAGG's delimiter and
  // PERCENTILE's fraction are ordinary arguments; 0 for most).
  std::vector<AggregateOverload> overloads = {};
};

// --- The registry -----------------------------------------------------------------------------
// All functions that a cluster knows. Built once, when the first statement asks for it, then
// immutable and shared by every thread.
class Registry {
 public:
  Registry();
  ~Registry();

  void Add(ScalarFunction function);
  void Add(AggregateFunction function);

  // nullptr when there is none. Names are lower case.
  const ScalarFunction* FindScalar(std::string_view name) const;
  const AggregateFunction* FindAggregate(std::string_view name) const;
  std::vector<const ScalarFunction*> scalars() const;
  std::vector<const AggregateFunction*> aggregates() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Calls every Register_<folder>_<file> of the shelf (generated by CMake).
void RegisterShelf(Registry& registry);

// The registry with every built-in function. Immutable, one per process: it holds no cluster's state.
std::shared_ptr<const Registry> BuiltinRegistry();

// PostgreSQL's overload resolution over `candidates` parameter lists: exact match, then fewest
// conversions, preferred types, categories, unknown literals. nullopt when nothing fits or several
// fit equally well (`*ambiguous`).
std::optional<int> ResolveOverload(std::span<const Overload> candidates,
                                   std::span<const Type> arguments, bool* ambiguous);
std::optional<int> ResolveOverload(std::span<const AggregateOverload> candidates,
                                   std::span<const Type> arguments, bool* ambiguous);

// Result rules that most functions share.
std::function<absl::StatusOr<Type>(const BindCall&)> Returns(Type type);
std::function<absl::StatusOr<Type>(const BindCall&)> ReturnsArgument(int index);

}  // namespace vesto::functions
