#include "sysview/access_lists.h"
#include "sysview/definitions.h"
#include "sysview/system_views.h"

// INFORMATION_SCHEMA.VIEWS. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_views(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "views";
  view.leader_only = true;
  view.columns = {TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("view_definition", Type{TypeId::kText}),
      TypedColumn("check_option", Type{TypeId::kText}), TypedColumn("is_updatable", Type{TypeId::kText}),
      TypedColumn("is_insertable_into", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind != 'v' || !MaySee(state, relation)) continue;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name),
                relation.view != nullptr ? Text(ViewDefinitionText(state, *relation.view))
                                         : Value(),
                Text("NONE"), Text("NO"), Text("NO")});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
