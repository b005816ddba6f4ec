#include "sysview/relations.h"
#include "sysview/system_views.h"

// INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS: each foreign key and the key it refers to. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_referential_constraints(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "referential_constraints";
  view.leader_only = true;
  view.columns = {TypedColumn("constraint_catalog", Type{TypeId::kText}),
      TypedColumn("constraint_schema", Type{TypeId::kText}), TypedColumn("constraint_name", Type{TypeId::kText}),
      TypedColumn("unique_constraint_catalog", Type{TypeId::kText}),
      TypedColumn("unique_constraint_schema", Type{TypeId::kText}), TypedColumn("unique_constraint_name", Type{TypeId::kText}),
      TypedColumn("match_option", Type{TypeId::kText}), TypedColumn("update_rule", Type{TypeId::kText}),
      TypedColumn("delete_rule", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      const std::string schema = state.SchemaName(table->schema);
      for (const catalog::ConstraintEntry& constraint : table->constraints) {
        using Kind = catalog::ConstraintEntry::Kind;
        if (constraint.kind != Kind::kForeignKey) continue;
        const catalog::TablePtr used = state.catalog->FindTable(constraint.referenced_table);
        const int referred =
            used == nullptr ? -1 : ReferredKey(*used, constraint.referenced_columns);
        const catalog::ConstraintEntry* key =
            referred < 0 ? nullptr : &used->constraints[referred];
        rows.Add({Text(state.database), Text(schema), Text(constraint.name),
                  key != nullptr ? Text(state.database) : Value(),
                  key != nullptr ? Text(state.SchemaName(used->schema)) : Value(),
                  key != nullptr ? Text(key->name) : Value(), Text("NONE"), Text("NO ACTION"),
                  Text("NO ACTION")});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
