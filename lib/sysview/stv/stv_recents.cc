#include "sysview/system_views.h"

// STV_RECENTS: running and recent statements. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stv_stv_recents(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_recents";
  view.columns = {
      IntegerColumn("userid"), TextColumn("status", 20), TimestampColumn("starttime"),
      IntegerColumn("duration"), TextColumn("user_name", 50), TextColumn("db_name", 50),
      TextColumn("query", 600), IntegerColumn("pid")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const telemetry::QueryRecord& query : state.telemetry->inflight()) {
      if (!state.Sees(query.userid)) continue;
      rows.Add({Number(query.userid), Text("Running"), Time(query.start_micros),
                Number(state.now_micros - query.start_micros),
                Text(query.user), Text(query.database), Text(query.text), Number(query.pid)});
    }
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      rows.Add({Number(query->userid), Text("Done"), Time(query->start_micros),
                Number(query->end_micros - query->start_micros), Text(query->user),
                Text(query->database), Text(query->text), Number(-1)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
