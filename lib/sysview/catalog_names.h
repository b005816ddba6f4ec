#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "sysview/relations.h"

// Names in the catalog as texts: what a REGCLASS reads and writes.
// Source: PostgreSQL 8.0, "Object Identifier Types".
namespace vesto::sysview {

// "a b" for a b, as PostgreSQL quotes identifiers where they need it.
std::string QuotedName(std::string_view name);
// `schema.table` or `table` as a user writes it, quotes included. 42P01, 3F000, 42602.
absl::StatusOr<Relation> FindRelation(const SystemState& state, std::string_view text);
// Whether the bare name finds this relation by the search path.
bool IsVisible(const SystemState& state, const Relation& relation);
// Schemas that bare names look through, pg_temp_n and pg_catalog included, in order.
std::vector<std::string> VisibleSchemas(const SystemState& state);
// The relation's name, with its schema where the search path would not find it.
std::string RelationName(const SystemState& state, const Relation& relation);

}  // namespace vesto::sysview
