#include "sysview/system_views.h"

// PG_EXTENSION, which PostgreSQL 8.0 does not have. Empty: there are no extensions.
// Source: clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_extension(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_extension";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), NameColumn("extname"), IntegerColumn("extowner"),
      OidColumn("extnamespace"), BooleanColumn("extrelocatable"),
      TypedColumn("extversion", Type{TypeId::kText}), ArrayColumn("extconfig", TypeId::kOid),
      ArrayColumn("extcondition", TypeId::kText)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
