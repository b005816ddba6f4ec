#include "sysview/access_lists.h"

// SVL_USER_INFO: the users, for superusers. Source: system-views.md §7.
namespace vesto::sysview {

void Register_svl_svl_user_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "svl_user_info";
  view.superuser_only = true;
  view.columns = {TextColumn("usename", 128), IntegerColumn("usesysid"),
                  BooleanColumn("usecreatedb"), BooleanColumn("usesuper"),
                  BooleanColumn("usecatupd"), TextColumn("useconnlimit", 16),
                  TextColumn("syslogaccess", 16), TimestampColumn("last_ddl_ts"),
                  IntegerColumn("sessiontimeout"), TextColumn("external_user_id", 128)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& user : state.catalog->users()) {
      rows.Add({Text(user->name), Number(user->id), Flag(user->create_db), Flag(user->superuser),
                Flag(UpdatesCatalogs(*user)),
                Text(ConnectionLimitText(*user)), Text(SyslogAccessText(*user)),
                Value(), Number(user->session_timeout_seconds),
                user->external_id.empty() ? Value() : Text(user->external_id)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
