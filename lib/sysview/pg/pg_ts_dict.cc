#include "sysview/system_views.h"

// PG_TS_DICT, which PostgreSQL 8.0 does not have: text search dictionaries. Empty: there is no text
// search. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_ts_dict(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_ts_dict";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), NameColumn("dictname"), OidColumn("dictnamespace"),
      OidColumn("dictowner"), OidColumn("dicttemplate"),
      TypedColumn("dictinitoption", Type{TypeId::kText})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
