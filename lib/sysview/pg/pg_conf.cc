#include "absl/strings/str_cat.h"
#include "sysview/system_views.h"

// PG_CONF: the tables that are left out of snapshots, as the DDL view of the Redshift utilities reads them:
// pg_class_backup_<database>_<table>. Unverified: its other keys.
namespace vesto::sysview {

void Register_pg_pg_conf(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_conf";
  view.leader_only = true;
  view.columns = {TextColumn("key", 65535), TextColumn("value", 65535)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& database : state.catalog->databases()) {
      if (database->name != state.database) continue;
      for (const catalog::TablePtr& table : state.catalog->tables()) {
        if (table->backup) continue;
        rows.Add({Text(absl::StrCat("pg_class_backup_", database->oid, "_", table->oid)),
                  Text("NO")});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
