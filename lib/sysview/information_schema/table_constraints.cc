#include "sysview/system_views.h"

// INFORMATION_SCHEMA.TABLE_CONSTRAINTS. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_table_constraints(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "table_constraints";
  view.leader_only = true;
  view.columns = {TypedColumn("constraint_catalog", Type{TypeId::kText}),
      TypedColumn("constraint_schema", Type{TypeId::kText}), TypedColumn("constraint_name", Type{TypeId::kText}),
      TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("constraint_type", Type{TypeId::kText}),
      TypedColumn("is_deferrable", Type{TypeId::kText}), TypedColumn("initially_deferred", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      const std::string schema = state.SchemaName(table->schema);
      for (const catalog::ConstraintEntry& constraint : table->constraints) {
        using Kind = catalog::ConstraintEntry::Kind;
        rows.Add({Text(state.database), Text(schema), Text(constraint.name), Text(state.database),
                  Text(schema), Text(table->name),
                  Text(constraint.kind == Kind::kPrimaryKey ? "PRIMARY KEY"
                       : constraint.kind == Kind::kUnique   ? "UNIQUE"
                                                            : "FOREIGN KEY"),
                  Text("NO"), Text("NO")});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
