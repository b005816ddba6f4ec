#include "sysview/system_views.h"

// STV_SESSIONS: the open sessions. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stv_stv_sessions(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_sessions";
  view.columns = {
      TimestampColumn("starttime"), IntegerColumn("process"), TextColumn("user_name", 50),
      TextColumn("db_name", 50), IntegerColumn("timeout_sec")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const telemetry::SessionRecord& session : state.telemetry->sessions()) {
      rows.Add({Time(session.start_micros), Number(session.pid), Text(session.user),
                Text(session.database), Number(session.session_timeout_seconds)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
