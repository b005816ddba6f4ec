#include "sysview/system_views.h"

// PG_TABLESPACE. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_tablespace(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_tablespace";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("spcname"), IntegerColumn("spcowner"),
      TypedColumn("spclocation", Type{TypeId::kText}), ArrayColumn("spcacl", TypeId::kAclItem),
      Hidden(ArrayColumn("spcoptions", TypeId::kText))};
  view.rows = [](const SystemState& state, Rows& rows) {
    rows.Add({Number(1663), Text("pg_default"), Number(1), Text(""), Value(), Value()});
    rows.Add({Number(1664), Text("pg_global"), Number(1), Text(""), Value(), Value()});
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
