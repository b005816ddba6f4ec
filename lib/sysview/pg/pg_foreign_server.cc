#include "sysview/system_views.h"

// PG_FOREIGN_SERVER, which PostgreSQL 8.0 does not have: foreign servers. Empty: outside data comes
// through external schemas. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_foreign_server(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_foreign_server";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), NameColumn("srvname"), OidColumn("srvowner"),
      OidColumn("srvfdw"), TypedColumn("srvtype", Type{TypeId::kText}),
      TypedColumn("srvversion", Type{TypeId::kText}), ArrayColumn("srvacl", TypeId::kAclItem),
      ArrayColumn("srvoptions", TypeId::kText)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
