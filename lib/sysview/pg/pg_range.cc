#include "sysview/system_views.h"

// PG_RANGE, which PostgreSQL 8.0 does not have. Empty: there are no range types.
// Source: clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_range(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_range";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("rngtypid"), OidColumn("rngsubtype"), OidColumn("rngmultitypid"),
      OidColumn("rngcollation"), OidColumn("rngsubopc"),
      TypedColumn("rngcanonical", Type{TypeId::kRegproc}),
      TypedColumn("rngsubdiff", Type{TypeId::kRegproc})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
