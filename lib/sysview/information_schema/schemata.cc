#include "sysview/system_views.h"

// INFORMATION_SCHEMA.SCHEMATA. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_schemata(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "schemata";
  view.leader_only = true;
  view.columns = {TypedColumn("catalog_name", Type{TypeId::kText}), TypedColumn("schema_name", Type{TypeId::kText}),
      TypedColumn("schema_owner", Type{TypeId::kText}), TypedColumn("default_character_set_catalog", Type{TypeId::kText}),
      TypedColumn("default_character_set_schema", Type{TypeId::kText}),
      TypedColumn("default_character_set_name", Type{TypeId::kText}), TypedColumn("sql_path", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::SchemaPtr& schema : state.catalog->schemas()) {
      rows.Add({Text(state.database), Text(schema->name), Text(state.UserName(schema->owner)),
                Value(), Value(), Value(), Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
