#include "sysview/system_views.h"

// PG_NAMESPACE: the schemas. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_namespace(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_namespace";
  view.leader_only = true;
  view.columns = {
      IntegerColumn("oid"), TextColumn("nspname", 128), IntegerColumn("nspowner"),
      TextColumn("nspacl")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::SchemaPtr& schema : state.catalog->schemas()) {
      rows.Add({Number(schema->oid), Text(schema->name), Number(schema->owner), Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
