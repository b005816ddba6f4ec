#include "sysview/system_views.h"

// PG_LARGEOBJECT_METADATA, which PostgreSQL 8.0 does not have: large objects. Empty: there are
// none. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_largeobject_metadata(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_largeobject_metadata";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), OidColumn("lomowner"), ArrayColumn("lomacl", TypeId::kAclItem)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
