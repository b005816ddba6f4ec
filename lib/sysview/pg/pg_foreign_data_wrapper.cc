#include "sysview/system_views.h"

// PG_FOREIGN_DATA_WRAPPER, which PostgreSQL 8.0 does not have: what reads foreign servers. Empty:
// outside data comes through external schemas. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_foreign_data_wrapper(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_foreign_data_wrapper";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), NameColumn("fdwname"), OidColumn("fdwowner"),
      OidColumn("fdwhandler"), OidColumn("fdwvalidator"), ArrayColumn("fdwacl", TypeId::kAclItem),
      ArrayColumn("fdwoptions", TypeId::kText)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
