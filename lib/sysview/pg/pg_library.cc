#include "sysview/system_views.h"

// PG_LIBRARY. Empty: libraries do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_library(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_library";
  view.leader_only = true;
  view.columns = {NameColumn("name"), OidColumn("language_oid"), IntegerColumn("file_store_id"),
      IntegerColumn("owner")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
