#include "sysview/system_views.h"

// PG_TS_PARSER, which PostgreSQL 8.0 does not have: text search parsers. Empty: there is no text
// search. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_ts_parser(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_ts_parser";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), NameColumn("prsname"), OidColumn("prsnamespace"),
      TypedColumn("prsstart", Type{TypeId::kRegproc}),
      TypedColumn("prstoken", Type{TypeId::kRegproc}),
      TypedColumn("prsend", Type{TypeId::kRegproc}),
      TypedColumn("prsheadline", Type{TypeId::kRegproc}),
      TypedColumn("prslextype", Type{TypeId::kRegproc})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
