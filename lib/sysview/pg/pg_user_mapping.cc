#include "sysview/system_views.h"

// PG_USER_MAPPING, which PostgreSQL 8.0 does not have: who a user is on a foreign server. Empty:
// there are no foreign servers. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_user_mapping(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_user_mapping";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), OidColumn("umuser"), OidColumn("umserver"),
      ArrayColumn("umoptions", TypeId::kText)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
