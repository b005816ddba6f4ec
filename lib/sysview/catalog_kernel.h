#pragma once

#include <string>

#include "functions/kernel_loops.h"
#include "sysview/system_views.h"

// What the catalog functions share: the state behind a call, and how they are described.
namespace vesto::sysview {

inline absl::StatusOr<const SystemState*> StateOf(const functions::KernelCall& call) {
  const auto* state = call.context.Handle<SystemState>();
  if (state == nullptr) return absl::InternalError("a catalog function without a cluster");
  return state;
}

inline void AddCatalogFunction(functions::Registry& registry, std::string name,
                               std::string documentation,
                               std::vector<functions::Overload> overloads, bool can_fail = false) {
  registry.Add(functions::ScalarFunction{.name = std::move(name),
                                         .documentation = std::move(documentation),
                                         .volatility = functions::Volatility::kStable,
                                         .locality = functions::Locality::kLeaderOnly,
                                         .can_fail = can_fail,
                                         .overloads = std::move(overloads)});
}

inline constexpr Type kOidType{TypeId::kOid};
inline constexpr Type kTextResult = Type::Varchar(kVarcharMaxBytes);

// An OID as it lies in a vector of 32 bits.
inline catalog::Oid OidAt(int32_t value) { return static_cast<catalog::Oid>(value); }

}  // namespace vesto::sysview
