#include "sysview/system_views.h"

// STL_QUERY: the statements that ran. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_query(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_query";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("query"), TextColumn("label", 320),
      BigintColumn("xid"), IntegerColumn("pid"), TextColumn("database", 32),
      TextColumn("querytxt", 4000), TimestampColumn("starttime"), TimestampColumn("endtime"),
      IntegerColumn("aborted"), IntegerColumn("insert_pristine"),
      IntegerColumn("concurrency_scaling_status")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& query : state.telemetry->queries.Read()) {
      if (query->type != "QUERY" || !state.Sees(query->userid)) continue;
      rows.Add({Number(query->userid), Number(query->query), Text(query->label),
                Number(static_cast<int64_t>(query->xid)), Number(query->pid),
                Text(query->database), Text(query->text), Time(query->start_micros),
                Time(query->end_micros), Number(query->aborted ? 1 : 0), Number(0), Number(0)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
