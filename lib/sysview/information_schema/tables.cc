#include "sysview/access_lists.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// INFORMATION_SCHEMA.TABLES. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_tables(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "tables";
  view.leader_only = true;
  view.columns = {TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("table_type", Type{TypeId::kText}),
      TypedColumn("self_referencing_column_name", Type{TypeId::kText}),
      TypedColumn("reference_generation", Type{TypeId::kText}), TypedColumn("user_defined_type_catalog", Type{TypeId::kText}),
      TypedColumn("user_defined_type_schema", Type{TypeId::kText}),
      TypedColumn("user_defined_type_name", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind == 'i' || !MaySee(state, relation)) continue;
      const bool temporary = relation.table != nullptr && relation.table->temporary;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name),
                Text(relation.kind == 'v' ? "VIEW"
                     : temporary          ? "LOCAL TEMPORARY"
                                          : "BASE TABLE"),
                Value(), Value(), Value(), Value(), Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
