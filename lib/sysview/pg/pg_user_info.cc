#include "sysview/access_lists.h"

// PG_USER_INFO: PG_USER and what ALTER USER keeps. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_user_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_user_info";
  view.leader_only = true;
  view.columns = {NameColumn("usename"), IntegerColumn("usesysid"), BooleanColumn("usecreatedb"),
      BooleanColumn("usesuper"), BooleanColumn("usecatupd"), TypedColumn("passwd", Type{TypeId::kText}),
      TypedColumn("valuntil", Type::TimestampTz()), ArrayColumn("useconfig", TypeId::kText),
      TypedColumn("useconnlimit", Type{TypeId::kText}), TypedColumn("syslogaccess", Type{TypeId::kText}),
      TimestampColumn("last_ddl_ts"), IntegerColumn("sessiontimeout"),
      TypedColumn("external_user_id", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& user : state.catalog->users()) {
      rows.Add({Text(user->name), Number(user->id), Flag(user->create_db), Flag(user->superuser),
                Flag(user->superuser), Text("********"), ValidUntil(*user), UserConfig(*user),
                Text(ConnectionLimitText(*user)), Text(SyslogAccessText(*user)), Value(),
                Number(user->session_timeout_seconds),
                user->external_id.empty() ? Value() : Text(user->external_id)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
