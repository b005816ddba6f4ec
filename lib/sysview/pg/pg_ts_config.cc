#include "sysview/system_views.h"

// PG_TS_CONFIG, which PostgreSQL 8.0 does not have: text search configurations. Empty: there is no
// text search. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_ts_config(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_ts_config";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), NameColumn("cfgname"), OidColumn("cfgnamespace"),
      OidColumn("cfgowner"), OidColumn("cfgparser")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
