#include "security/access.h"
#include "sysview/access_lists.h"

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
    // Others' limits are for superusers.
    const bool all = security::Access(*state.catalog, state.user_id).superuser();
    for (const auto& user : state.catalog->users()) {
      if (!all && user->id != state.user_id) continue;
      rows.Add({Text(user->name), Number(user->id), Flag(user->create_db), Flag(user->superuser),
                Flag(UpdatesCatalogs(*user)), Text(ConnectionLimitText(*user)),
                Text(SyslogAccessText(*user)), Value(), Number(user->session_timeout_seconds),
                user->external_id.empty() ? Value() : Text(user->external_id)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
