#include "sysview/system_views.h"

// STV_MV_INFO. Empty: materialized views do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_stv_stv_mv_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_mv_info";
  view.columns = {TextColumn("db_name", 128),
      TextColumn("schema", 128), TextColumn("name", 128),
      BigintColumn("updated_upto_xid"), TextColumn("is_stale", 1),
      TextColumn("owner_user_name", 128), IntegerColumn("state"),
      TextColumn("autorewrite", 1), TextColumn("autorefresh", 1)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
