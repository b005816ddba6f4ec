#include "sysview/system_views.h"

// PG_OPCLASS. Empty: Vesto keeps no such objects. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_opclass(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_opclass";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), OidColumn("opcamid"), NameColumn("opcname"),
      OidColumn("opcnamespace"), IntegerColumn("opcowner"), OidColumn("opcintype"),
      BooleanColumn("opcdefault"), OidColumn("opckeytype"), Hidden(OidColumn("opcmethod")),
      Hidden(OidColumn("opcfamily"))};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
