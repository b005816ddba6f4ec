#include "sysview/system_views.h"

// SYS_LOAD_DETAIL: the files that COPY loaded. Source: system-views.md §8.
namespace vesto::sysview {

void Register_sys_sys_load_detail(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_load_detail";
  view.columns = {IntegerColumn("user_id"), BigintColumn("query_id"),
      TextColumn("file_name", 256), IntegerColumn("bytes_scanned"),
      IntegerColumn("lines_scanned"), IntegerColumn("splits_scanned"),
      TimestampColumn("record_time"), TimestampColumn("start_time"),
      TimestampColumn("end_time")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& file : state.telemetry->load_commits.Read()) {
      rows.Add({Number(state.user_id), Number(file->query), Text(file->filename), Value(),
                Number(file->lines_scanned), Number(1), Time(file->micros), Value(),
                Time(file->micros)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
