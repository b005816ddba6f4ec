#include "sysview/access_lists.h"
#include "sysview/system_views.h"

// PG_DATABASE_INFO: PG_DATABASE with oid, connection limit and isolation level.
// Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_database_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_database_info";
  view.leader_only = true;
  view.columns = {NameColumn("datname"), IntegerColumn("datdba"), IntegerColumn("encoding"),
      BooleanColumn("datistemplate"), BooleanColumn("datallowconn"), OidColumn("datlastsysoid"),
      IntegerColumn("datvacuumxid"), IntegerColumn("datfrozenxid"), OidColumn("dattablespace"),
      ArrayColumn("datconfig", TypeId::kText), ArrayColumn("datacl", TypeId::kAclItem),
      OidColumn("datid"), TextColumn("datconnlimit", 256)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& database : state.catalog->databases()) {
      rows.Add({Text(database->name), Number(database->owner), Number(6),
                Flag(false), Flag(true), Number(0), Number(0), Number(0), Number(1663),
                Text(database->snapshot_isolation ? "{concurrency_model=1}" : "{concurrency_model=2}"),
                AccessList(state, security::Target::kDatabase, database->oid), Number(database->oid),
                Text(database->connection_limit.empty() ? "UNLIMITED"
                                                        : database->connection_limit)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
