#include "sysview/access_lists.h"
#include "sysview/column_facts.h"
#include "sysview/system_views.h"

// SVV_TABLES: tables and views. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_tables(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_tables";
  view.leader_only = true;
  view.columns = {TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("table_type", Type{TypeId::kText}),
      TypedColumn("remarks", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind == 'i' || !MaySee(state, relation)) continue;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name), Text(relation.kind == 'v' ? "VIEW" : "BASE TABLE"),
                CommentOf(relation)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
