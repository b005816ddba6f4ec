#include "sysview/system_views.h"

// PG_TS_CONFIG_MAP, which PostgreSQL 8.0 does not have: the dictionaries of text search
// configurations. Empty: there is no text search. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_ts_config_map(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_ts_config_map";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("mapcfg"), IntegerColumn("maptokentype"), IntegerColumn("mapseqno"),
      OidColumn("mapdict")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
