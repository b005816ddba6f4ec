#include "sysview/system_views.h"

// PG_FOREIGN_TABLE, which PostgreSQL 8.0 does not have: the tables of foreign servers. Empty: there
// are no foreign servers. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_foreign_table(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_foreign_table";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("ftrelid"), OidColumn("ftserver"),
      ArrayColumn("ftoptions", TypeId::kText)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
