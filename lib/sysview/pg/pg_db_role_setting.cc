#include "sysview/system_views.h"

// PG_DB_ROLE_SETTING, which PostgreSQL 8.0 does not have. Empty. Source: clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_db_role_setting(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_db_role_setting";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("setdatabase"), OidColumn("setrole"),
      ArrayColumn("setconfig", TypeId::kText)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
