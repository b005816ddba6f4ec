#include "sysview/system_views.h"

// STV_INFLIGHT: the statements that run now, but those of the leader alone. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stv_stv_inflight(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_inflight";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("slice"), IntegerColumn("query"),
      TextColumn("label", 320), BigintColumn("xid"), IntegerColumn("pid"),
      TimestampColumn("starttime"), TextColumn("text", 100), IntegerColumn("suspended"),
      IntegerColumn("insert_pristine"), IntegerColumn("concurrency_scaling_status")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const telemetry::QueryRecord& query : state.telemetry->inflight()) {
      if (!query.on_slices || !state.Sees(query.userid)) continue;
      rows.Add({Number(query.userid), Number(12811), Number(query.query),
                Text(query.label == "default" ? "" : query.label),
                Number(static_cast<int64_t>(query.xid)), Number(query.pid),
                Time(query.start_micros), Text(query.text), Number(0), Number(0), Number(0)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
