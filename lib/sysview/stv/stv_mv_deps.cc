#include "sysview/system_views.h"

// STV_MV_DEPS. Empty: materialized views do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_stv_stv_mv_deps(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_mv_deps";
  view.columns = {TextColumn("db_name", 128),
      TextColumn("schema", 128), TextColumn("name", 128),
      TextColumn("ref_schema", 128), TextColumn("ref_name", 128),
      TextColumn("ref_database_name", 128)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
