#include "sysview/system_views.h"

// PG_OPFAMILY, which PostgreSQL 8.0 does not have. Empty: Vesto keeps no such objects.
namespace vesto::sysview {

void Register_pg_pg_opfamily(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_opfamily";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), OidColumn("opfmethod"), NameColumn("opfname"),
      OidColumn("opfnamespace"), IntegerColumn("opfowner")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
