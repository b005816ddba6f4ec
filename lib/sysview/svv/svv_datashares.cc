#include "sysview/system_views.h"

// SVV_DATASHARES. Empty: datashares do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_datashares(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_datashares";
  view.leader_only = true;
  view.columns = {TextColumn("share_name", 128), IntegerColumn("share_id"),
      IntegerColumn("share_owner"), TextColumn("source_database", 128),
      TextColumn("consumer_database", 128), TextColumn("share_type", 8),
      TimestampColumn("createdate"), BooleanColumn("is_publicaccessible"),
      TextColumn("share_acl", 256), TextColumn("producer_account", 16),
      TextColumn("producer_namespace", 64), TextColumn("managed_by", 64)};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
