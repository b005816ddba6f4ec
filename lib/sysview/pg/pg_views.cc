#include "sysview/system_views.h"

// PG_VIEWS. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_views(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_views";
  view.leader_only = true;
  view.columns = {
      TextColumn("schemaname", 128), TextColumn("viewname", 128), TextColumn("viewowner", 128),
      TextColumn("definition", 65535)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::ViewPtr& view : state.catalog->views()) {
      rows.Add({Text(state.SchemaName(view->schema)), Text(view->name),
                Text(state.UserName(view->owner)), Text(view->query_text)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
