#include "sysview/system_views.h"

// STL_SCAN: the scan steps. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_scan(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_scan";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("query"), IntegerColumn("slice"),
      IntegerColumn("segment"), IntegerColumn("step"), TimestampColumn("starttime"),
      TimestampColumn("endtime"), IntegerColumn("tasknum"), BigintColumn("rows"),
      BigintColumn("bytes"), BigintColumn("fetches"), IntegerColumn("type"),
      IntegerColumn("tbl"), TextColumn("is_rrscan", 1), TextColumn("is_delayed_scan", 1),
      BigintColumn("rows_pre_filter"), BigintColumn("rows_pre_user_filter"),
      TextColumn("perm_table_name", 136)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      for (const telemetry::StepRecord& step : query->steps) {
        if (!step.label.starts_with("scan")) continue;
        const catalog::TablePtr table =
            step.table == 0 ? nullptr : state.catalog->FindTable(step.table);
        rows.Add({Number(query->userid), Number(query->query), Number(step.slice),
                  Number(step.segment), Number(step.step), Time(step.start_micros),
                  Time(step.end_micros), Number(0), Number(step.rows), Number(step.bytes),
                  Number(0), Number(step.table == 0 ? 1 : 2), Number(step.table),
                  YesNo(step.is_rrscan), YesNo(false), Number(step.rows_pre_filter),
                  Number(step.rows_pre_filter), Text(table == nullptr ? "" : table->name)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
