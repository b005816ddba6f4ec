#include "sysview/system_views.h"

// STL_UNLOAD_LOG: the files that UNLOAD has written. Source: system-views.md §5.
namespace vesto::sysview {

void Register_stl_stl_unload_log(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_unload_log";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("query"), IntegerColumn("slice"),
      IntegerColumn("pid"), TextColumn("path", 1280), TimestampColumn("start_time"),
      TimestampColumn("end_time"), BigintColumn("line_count"), BigintColumn("transfer_size"),
      TextColumn("file_format", 10)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& file : state.telemetry->unloads.Read()) {
      if (!state.Sees(file->userid)) continue;
      rows.Add({Number(file->userid), Number(file->query), Number(file->slice),
                Number(file->pid), Text(file->path), Time(file->start_micros),
                Time(file->end_micros), Number(file->line_count), Number(file->transfer_size),
                Text(file->file_format)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
