#include "sysview/system_views.h"

// SVV_DATASHARE_OBJECTS. Empty: datashares do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_datashare_objects(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_datashare_objects";
  view.leader_only = true;
  view.columns = {TextColumn("share_type", 8), TextColumn("share_name", 128),
      TextColumn("object_type", 64), TextColumn("object_name", 512),
      TextColumn("producer_account", 16), TextColumn("producer_namespace", 64),
      BooleanColumn("include_new")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
