#include "sysview/system_views.h"

// PG_CAST. Empty: conversions are not in the catalog yet. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_cast(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_cast";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), OidColumn("castsource"), OidColumn("casttarget"),
      OidColumn("castfunc"), LetterColumn("castcontext"), Hidden(LetterColumn("castmethod"))};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
