#include "sysview/system_views.h"

// SVV_MV_INFO. Empty: materialized views do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_mv_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_mv_info";
  view.leader_only = true;
  view.columns = {TextColumn("database_name", 128),
      TextColumn("schema_name", 128), TextColumn("user_name", 128),
      TextColumn("name", 128), TextColumn("is_stale", 1),
      IntegerColumn("state"), TextColumn("autorefresh", 1),
      TextColumn("autorewrite", 1)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
