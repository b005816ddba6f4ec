#include "sysview/access_lists.h"

// PG_USER_INFO: PG_USER and what ALTER USER keeps. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_user_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_user_info";
  view.leader_only = true;
  view.columns = UserColumns();
  view.columns.push_back(TypedColumn("useconnlimit", Type{TypeId::kText}));
  view.columns.push_back(TypedColumn("syslogaccess", Type{TypeId::kText}));
  view.columns.push_back(TimestampColumn("last_ddl_ts"));
  view.columns.push_back(IntegerColumn("sessiontimeout"));
  view.columns.push_back(TypedColumn("external_user_id", Type{TypeId::kText}));
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& user : state.catalog->users()) {
      std::vector<Value> row = UserValues(*user);
      row.push_back(Text(ConnectionLimitText(*user)));
      row.push_back(Text(SyslogAccessText(*user)));
      row.push_back(Value());
      row.push_back(Number(user->session_timeout_seconds));
      row.push_back(user->external_id.empty() ? Value() : Text(user->external_id));
      rows.Add(std::move(row));
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
