#include "sysview/system_views.h"

// PG_TABLES. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_tables(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_tables";
  view.leader_only = true;
  view.columns = {
      TextColumn("schemaname", 128), TextColumn("tablename", 128), TextColumn("tableowner", 128),
      TextColumn("tablespace", 128), BooleanColumn("hasindexes"), BooleanColumn("hasrules"),
      BooleanColumn("hastriggers")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      rows.Add({Text(state.SchemaName(table->schema)), Text(table->name),
                Text(state.UserName(table->owner)), Value(), Flag(false), Flag(false),
                Flag(false)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
