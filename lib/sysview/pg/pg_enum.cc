#include "sysview/system_views.h"

// PG_ENUM, which PostgreSQL 8.0 does not have. Empty: there are no enumerations.
// Source: clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_enum(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_enum";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), OidColumn("enumtypid"),
      TypedColumn("enumsortorder", Type::Real()), NameColumn("enumlabel")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
