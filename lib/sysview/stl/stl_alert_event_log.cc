#include "sysview/system_views.h"

// STL_ALERT_EVENT_LOG: what the optimizer and the steps warn of. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_alert_event_log(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_alert_event_log";
  view.columns = {IntegerColumn("userid"), IntegerColumn("query"), IntegerColumn("slice"),
      IntegerColumn("segment"), IntegerColumn("step"), IntegerColumn("pid"), BigintColumn("xid"),
      TextColumn("event", 1024), TextColumn("solution", 1024), TimestampColumn("event_time")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& alert : state.telemetry->alerts.Read()) {
      rows.Add({Number(state.user_id), Number(alert->query), Number(alert->slice),
                Number(alert->segment), Number(alert->step), Number(alert->pid),
                Number(static_cast<int64_t>(alert->xid)), Text(alert->event),
                Text(alert->solution), Time(alert->micros)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
