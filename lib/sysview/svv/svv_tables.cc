#include "sysview/system_views.h"

// SVV_TABLES: tables and views. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_tables(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_tables";
  view.columns = {
      TextColumn("table_catalog"), TextColumn("table_schema"), TextColumn("table_name"),
      TextColumn("table_type"), TextColumn("remarks")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      rows.Add({Text(state.database), Text(state.SchemaName(table->schema)), Text(table->name),
                Text("BASE TABLE"), table->comment ? Text(*table->comment) : Value()});
    }
    for (const catalog::ViewPtr& view : state.catalog->views()) {
      rows.Add({Text(state.database), Text(state.SchemaName(view->schema)), Text(view->name),
                Text("VIEW"), view->comment ? Text(*view->comment) : Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
