#include "sysview/system_views.h"

// INFORMATION_SCHEMA.KEY_COLUMN_USAGE: the columns of keys, in their order. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_key_column_usage(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "key_column_usage";
  view.leader_only = true;
  view.columns = {TypedColumn("constraint_catalog", Type{TypeId::kText}),
      TypedColumn("constraint_schema", Type{TypeId::kText}), TypedColumn("constraint_name", Type{TypeId::kText}),
      TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("column_name", Type{TypeId::kText}),
      IntegerColumn("ordinal_position"), Hidden(IntegerColumn("position_in_unique_constraint"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      const std::string schema = state.SchemaName(table->schema);
      for (const catalog::ConstraintEntry& constraint : table->constraints) {
        using Kind = catalog::ConstraintEntry::Kind;
        for (size_t i = 0; i < constraint.columns.size(); ++i) {
          const auto position = static_cast<int64_t>(i) + 1;
          rows.Add({Text(state.database), Text(schema), Text(constraint.name),
                    Text(state.database), Text(schema), Text(table->name),
                    Text(table->columns[constraint.columns[i]].name), Number(position),
                    constraint.kind == Kind::kForeignKey ? Number(position) : Value()});
        }
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
