#include "sysview/system_views.h"

// SVL_QLOG: one line per statement. Source: system-views.md §4.
namespace vesto::sysview {

void Register_svl_svl_qlog(SystemViews& views) {
  ViewDefinition view;
  view.name = "svl_qlog";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("query"), BigintColumn("xid"), IntegerColumn("pid"),
      TimestampColumn("starttime"), TimestampColumn("endtime"), BigintColumn("elapsed"),
      IntegerColumn("aborted"), TextColumn("label", 320), TextColumn("substring", 60),
      IntegerColumn("source_query"), TextColumn("concurrency_scaling_status_txt"),
      IntegerColumn("from_sp_call")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& query : state.telemetry->queries.Read()) {
      if (query->type != "QUERY" || !state.Sees(query->userid)) continue;
      rows.Add({Number(query->userid), Number(query->query),
                Number(static_cast<int64_t>(query->xid)), Number(query->pid),
                Time(query->start_micros), Time(query->end_micros),
                Number(query->end_micros - query->start_micros), Number(query->aborted ? 1 : 0),
                Text(query->label), Text(query->text), Value(), Text("Main cluster"), Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
