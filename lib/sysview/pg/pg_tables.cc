#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_TABLES: user tables, and the catalogs that PostgreSQL keeps as tables. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_tables(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_tables";
  view.leader_only = true;
  view.columns = {NameColumn("schemaname"), NameColumn("tablename"), NameColumn("tableowner"),
      NameColumn("tablespace"), BooleanColumn("hasindexes"), BooleanColumn("hasrules"),
      BooleanColumn("hastriggers")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind != 'r') continue;
      bool indexed = false;
      if (relation.table != nullptr) {
        for (const catalog::ConstraintEntry& constraint : relation.table->constraints) {
          indexed = indexed || constraint.kind != catalog::ConstraintEntry::Kind::kForeignKey;
        }
      }
      rows.Add({Text(state.SchemaName(relation.schema)), Text(relation.name),
                Text(state.UserName(relation.owner)), Value(), Flag(indexed), Flag(false),
                Flag(false)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
