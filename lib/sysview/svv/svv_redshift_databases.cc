#include "sysview/access_lists.h"
#include "sysview/system_views.h"

// SVV_REDSHIFT_DATABASES. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_redshift_databases(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_redshift_databases";
  view.leader_only = true;
  view.columns = {TextColumn("database_name", 128), IntegerColumn("database_owner"),
      TextColumn("database_type", 32), TextColumn("database_acl", 128),
      TextColumn("database_options", 128), TextColumn("database_isolation_level", 128)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& database : state.catalog->databases()) {
      rows.Add({Text(database->name), Number(database->owner), Text("local"),
                AccessList(state, security::Target::kDatabase, database->oid),
                Value(),
                Text(database->snapshot_isolation ? "Snapshot Isolation" : "Serializable")});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
