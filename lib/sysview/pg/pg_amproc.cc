#include "sysview/system_views.h"

// PG_AMPROC, which PostgreSQL 8.0 does not have: the functions of operator families. Empty: there
// are no operator families. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_amproc(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_amproc";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), OidColumn("amprocfamily"), OidColumn("amproclefttype"),
      OidColumn("amprocrighttype"), SmallintColumn("amprocnum"),
      TypedColumn("amproc", Type{TypeId::kRegproc})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
