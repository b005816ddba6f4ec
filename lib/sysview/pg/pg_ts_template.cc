#include "sysview/system_views.h"

// PG_TS_TEMPLATE, which PostgreSQL 8.0 does not have: the templates of text search dictionaries.
// Empty: there is no text search. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_ts_template(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_ts_template";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), NameColumn("tmplname"), OidColumn("tmplnamespace"),
      TypedColumn("tmplinit", Type{TypeId::kRegproc}),
      TypedColumn("tmpllexize", Type{TypeId::kRegproc})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
