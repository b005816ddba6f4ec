#include "sysview/access_lists.h"
#include "sysview/system_views.h"

// SVV_REDSHIFT_SCHEMAS. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_redshift_schemas(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_redshift_schemas";
  view.leader_only = true;
  view.columns = {TextColumn("database_name", 128), TextColumn("schema_name", 128),
      IntegerColumn("schema_owner"), TextColumn("schema_type", 128),
      TextColumn("schema_acl", 128), TextColumn("schema_option", 128)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::SchemaPtr& schema : state.catalog->schemas()) {
      rows.Add({Text(state.database), Text(schema->name), Number(schema->owner), Text("local"),
                AccessList(state, security::Target::kSchema, schema->oid),
                Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
