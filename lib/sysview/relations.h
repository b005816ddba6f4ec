#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sysview/system_views.h"

// Relations as PG_CLASS sees them: tables, views, the system views themselves, and the indexes that
// stand for PRIMARY KEY and UNIQUE constraints (Vesto keeps none: they hold no rows).
namespace vesto::sysview {

struct Relation {
  catalog::Oid oid = 0;
  catalog::Oid schema = 0;
  std::string name;
  int32_t owner = 1;
  char kind = 'r';  // pg_class.relkind: r, v, i
  // What it is; one of them is set. Owned by the catalog snapshot or by SystemViews.
  const catalog::TableEntry* table = nullptr;  // also of an index
  const catalog::ViewEntry* view = nullptr;
  const ViewDefinition* system = nullptr;
  int constraint = -1;  // the index's constraint in `table`

  const std::optional<std::string>* comment() const;
};

struct RelationColumn {
  std::string name;
  Type type;
  const catalog::ColumnEntry* entry = nullptr;  // of tables
  bool hidden = false;
};

// All of them, in no order. System relations last.
std::vector<Relation> Relations(const SystemState& state);
std::optional<Relation> FindRelation(const SystemState& state, catalog::Oid oid);
// Late-binding views have none here, as in Redshift: see PG_GET_LATE_BINDING_VIEW_COLS.
std::vector<RelationColumn> ColumnsOf(const SystemState& state, const Relation& relation);

// 1, 2, ... for a sort key column, alternating in sign for interleaved keys; 0 for any other.
int SortKeyPosition(const types::TableDesign& design, int column);
// pg_class.reldiststyle: 0 EVEN, 1 KEY, 8 ALL, 9 AUTO.
int DistStyleNumber(const catalog::TableEntry& table);
// pg_attribute.attencodingtype, as FORMAT_ENCODING reads it, and its inverse.
int EncodingNumber(types::Encoding encoding);
std::string EncodingOfNumber(int64_t number);  // "none", "az64", ...

// OIDs of what the catalog does not number: derived from the table's, the same in every statement.
catalog::Oid ConstraintOid(catalog::Oid table, int constraint);
catalog::Oid IndexOid(catalog::Oid table, int constraint);
// The PRIMARY KEY or UNIQUE of `table` that a foreign key on `columns` refers to, in whatever order
// it names them; -1 where it names more than a key's.
int ReferredKey(const catalog::TableEntry& table, const std::vector<int>& columns);
catalog::Oid DefaultOid(catalog::Oid table, int column);
catalog::Oid RuleOid(catalog::Oid view);

// How PostgreSQL shows a column's default: the identity's sequence, or the DEFAULT's text.
std::string DefaultText(const SystemState& state, const catalog::TableEntry& table, int column);

}  // namespace vesto::sysview
