#include "sysview/system_views.h"

// PG_DATABASE. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_database(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_database";
  view.leader_only = true;
  view.columns = {
      IntegerColumn("oid"), TextColumn("datname", 128), IntegerColumn("datdba"),
      IntegerColumn("encoding"), BooleanColumn("datistemplate"), BooleanColumn("datallowconn")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& database : state.catalog->databases()) {
      rows.Add({Number(database->oid), Text(database->name), Number(database->owner), Number(6),
                Flag(false), Flag(true)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
