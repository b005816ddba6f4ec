#include "sysview/system_views.h"

// PG_INHERITS. Empty: Vesto keeps no such objects. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_inherits(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_inherits";
  view.leader_only = true;
  view.columns = {OidColumn("inhrelid"), OidColumn("inhparent"), IntegerColumn("inhseqno"),
      Hidden(BooleanColumn("inhdetachpending"))};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
