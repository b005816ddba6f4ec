#include "sysview/system_views.h"

// INFORMATION_SCHEMA.INFORMATION_SCHEMA_CATALOG_NAME. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_information_schema_catalog_name(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "information_schema_catalog_name";
  view.leader_only = true;
  view.columns = {TypedColumn("catalog_name", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    rows.Add({Text(state.database)});
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
