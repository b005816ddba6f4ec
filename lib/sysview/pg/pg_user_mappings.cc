#include "sysview/system_views.h"

// PG_USER_MAPPINGS, which PostgreSQL 8.0 does not have: PG_USER_MAPPING with names. Empty: there
// are no foreign servers. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_user_mappings(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_user_mappings";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("umid"), OidColumn("srvid"), NameColumn("srvname"), OidColumn("umuser"),
      NameColumn("usename"), ArrayColumn("umoptions", TypeId::kText)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
