#include "sysview/system_views.h"

// SVV_USER_INFO: the users. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_user_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_user_info";
  view.leader_only = true;
  view.columns = {TextColumn("user_name", 128), IntegerColumn("user_id"),
      BooleanColumn("createdb"), BooleanColumn("superuser"), BooleanColumn("catalog_update"),
      TextColumn("connection_limit", 128), TextColumn("syslog_access", 128),
      TimestampColumn("last_ddl_timestamp"), IntegerColumn("session_timeout"),
      TextColumn("external_id", 128)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& user : state.catalog->users()) {
      rows.Add({Text(user->name), Number(user->id), Flag(user->create_db), Flag(user->superuser),
                Flag(user->superuser), Text("UNLIMITED"),
                Text(user->superuser ? "UNRESTRICTED" : "RESTRICTED"), Value(), Number(0),
                Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
