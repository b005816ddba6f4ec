#include "sysview/access_lists.h"
#include "sysview/column_facts.h"
#include "sysview/system_views.h"

// SVV_REDSHIFT_TABLES. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_redshift_tables(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_redshift_tables";
  view.leader_only = true;
  view.columns = {TextColumn("database_name", 128), TextColumn("schema_name", 128),
      TextColumn("table_name", 128), TextColumn("table_type", 128), TextColumn("table_acl", 128),
      TextColumn("remarks", 256), TextColumn("table_owner", 128)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind == 'i' || !MaySee(state, relation)) continue;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name), Text(relation.kind == 'v' ? "VIEW" : "TABLE"),
                AccessList(state, security::Target::kRelation, relation.oid),
                CommentOf(relation), Text(state.UserName(relation.owner))});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
