#include "sysview/access_lists.h"
#include "sysview/system_views.h"

// PG_DATABASE. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_database(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_database";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("datname"), IntegerColumn("datdba"),
      IntegerColumn("encoding"), BooleanColumn("datistemplate"), BooleanColumn("datallowconn"),
      OidColumn("datlastsysoid"), IntegerColumn("datvacuumxid"), IntegerColumn("datfrozenxid"),
      OidColumn("dattablespace"), ArrayColumn("datconfig", TypeId::kText),
      ArrayColumn("datacl", TypeId::kAclItem), Hidden(NameColumn("datcollate")),
      Hidden(NameColumn("datctype")), Hidden(IntegerColumn("datconnlimit"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& database : state.catalog->databases()) {
      rows.Add({Number(database->oid), Text(database->name), Number(database->owner), Number(6),
                Flag(false), Flag(true), Number(0), Number(0), Number(0), Number(1663),
                Value(),
                AccessList(state, security::Target::kDatabase, database->oid), Text("C"), Text("C"),
                database->connection_limit.empty() || database->connection_limit == "unlimited"
                    ? Number(-1)
                    : Number(std::atoll(database->connection_limit.c_str()))});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
