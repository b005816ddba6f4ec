#include "sysview/access_lists.h"
#include "sysview/column_facts.h"
#include "sysview/system_views.h"

// SVV_ALL_TABLES. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_all_tables(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_all_tables";
  view.leader_only = true;
  view.columns = {TextColumn("database_name", 128), TextColumn("schema_name", 128),
      TextColumn("table_name", 128), TextColumn("table_acl", 128), TextColumn("table_type", 128),
      TextColumn("remarks", 256), TextColumn("owner", 128), TimestampColumn("last_altered_time"),
      TimestampColumn("last_modified_time"), TextColumn("dist_style", 128),
      TextColumn("table_subtype", 128)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind == 'i' || !MaySee(state, relation)) continue;
      const bool late = relation.view != nullptr && relation.view->late_binding;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name),
                AccessList(state, security::Target::kRelation, relation.oid),
                Text(relation.kind == 'v' ? "VIEW" : "TABLE"), CommentOf(relation),
                Text(state.UserName(relation.owner)), Value(), Value(),
                relation.table != nullptr ? Text(DistStyleText(*relation.table)) : Value(),
                Text(late                   ? "LATE BINDING VIEW"
                     : relation.kind == 'v' ? "REGULAR VIEW"
                                            : "REGULAR TABLE")});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
