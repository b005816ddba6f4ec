#include "sysview/system_views.h"

// INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE: of a foreign key, the referenced columns. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_constraint_column_usage(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "constraint_column_usage";
  view.leader_only = true;
  view.columns = {TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("column_name", Type{TypeId::kText}),
      TypedColumn("constraint_catalog", Type{TypeId::kText}), TypedColumn("constraint_schema", Type{TypeId::kText}),
      TypedColumn("constraint_name", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      const std::string schema = state.SchemaName(table->schema);
      for (const catalog::ConstraintEntry& constraint : table->constraints) {
        using Kind = catalog::ConstraintEntry::Kind;
        const bool foreign = constraint.kind == Kind::kForeignKey;
        const catalog::TablePtr used =
            foreign ? state.catalog->FindTable(constraint.referenced_table) : table;
        if (used == nullptr) continue;
        for (const int column : foreign ? constraint.referenced_columns : constraint.columns) {
          rows.Add({Text(state.database), Text(state.SchemaName(used->schema)), Text(used->name),
                    Text(used->columns[column].name), Text(state.database), Text(schema),
                    Text(constraint.name)});
        }
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
