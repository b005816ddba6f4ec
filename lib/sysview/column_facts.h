#pragma once

#include <functional>
#include <string>

#include "sysview/relations.h"

// What the standard's COLUMNS views say of a type, and the columns that they list.
// Source: PostgreSQL 8.0 information schema; system-views.md §2.
namespace vesto::sysview {

struct ColumnFacts {
  std::string data_type;  // without modifiers
  Value character_length, precision, radix, scale, datetime_precision;
};
ColumnFacts FactsOf(const Type& type);

// Every column of every relation that the user may see, but indexes, late-binding views included as they bind now.
// `ordinal` counts from 1; `column.entry` is null where there is no table.
void ForEachColumn(const SystemState& state,
                   const std::function<void(const Relation& relation,
                                            const RelationColumn& column, int ordinal)>& visit);

// The default, as the views show it; NULL for none.
Value DefaultOf(const SystemState& state, const Relation& relation, const RelationColumn& column,
                int ordinal);
Value CommentOf(const Relation& relation);
Value CommentOf(const RelationColumn& column);

}  // namespace vesto::sysview
