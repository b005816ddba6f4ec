#include "sysview/system_views.h"

// PG_COLLATION, which PostgreSQL 8.0 does not have: the one collation of the catalog.
// Source: clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_collation(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_collation";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), NameColumn("collname"), OidColumn("collnamespace"),
      IntegerColumn("collowner"), IntegerColumn("collencoding"), NameColumn("collcollate"),
      NameColumn("collctype"), LetterColumn("collprovider"),
      BooleanColumn("collisdeterministic"), TypedColumn("colliculocale", Type{TypeId::kText}),
      TypedColumn("collversion", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    rows.Add({Number(100), Text("default"), Number(catalog::kPgCatalogSchemaOid), Number(1),
              Number(-1), Text("C"), Text("C"), Text("d"), Flag(true), Value(), Value()});
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
