#include "sysview/access_lists.h"
#include "sysview/system_views.h"

// PG_NAMESPACE: the schemas. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_namespace(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_namespace";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("nspname"), IntegerColumn("nspowner"),
      ArrayColumn("nspacl", TypeId::kAclItem)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::SchemaPtr& schema : state.catalog->schemas()) {
      rows.Add({Number(schema->oid), Text(schema->name), Number(schema->owner),
                AccessList(state, security::Target::kSchema, schema->oid)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
