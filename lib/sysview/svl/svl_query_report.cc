#include "sysview/system_views.h"

// SVL_QUERY_REPORT: what every step did on every slice. The times are those of the step's segment.
// Source: system-views.md §4.
namespace vesto::sysview {

void Register_svl_svl_query_report(SystemViews& views) {
  ViewDefinition view;
  view.name = "svl_query_report";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("query"), IntegerColumn("slice"),
      IntegerColumn("segment"), IntegerColumn("step"), TimestampColumn("start_time"),
      TimestampColumn("end_time"), BigintColumn("elapsed_time"), BigintColumn("rows"),
      BigintColumn("bytes"), TextColumn("label", 256), TextColumn("is_diskbased", 1),
      BigintColumn("workmem"), TextColumn("is_rrscan", 1), TextColumn("is_delayed_scan", 1),
      BigintColumn("rows_pre_filter")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      for (const telemetry::StepRecord& step : query->steps) {
        rows.Add({Number(query->userid), Number(query->query), Number(step.slice),
                  Number(step.segment), Number(step.step), Time(step.start_micros),
                  Time(step.end_micros), Number(step.end_micros - step.start_micros),
                  Number(step.rows), Number(step.bytes), Text(step.label),
                  YesNo(step.is_diskbased), Number(step.work_memory), YesNo(step.is_rrscan),
                  YesNo(false), Number(step.rows_pre_filter)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
