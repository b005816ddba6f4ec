#include "sysview/system_views.h"

// PG_CONVERSION. Empty: Vesto keeps no such objects. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_conversion(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_conversion";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("conname"), OidColumn("connamespace"),
      IntegerColumn("conowner"), IntegerColumn("conforencoding"), IntegerColumn("contoencoding"),
      TypedColumn("conproc", Type{TypeId::kRegproc}), BooleanColumn("condefault")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
