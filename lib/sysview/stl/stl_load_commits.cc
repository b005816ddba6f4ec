#include "sysview/system_views.h"

// STL_LOAD_COMMITS: the files that COPY has read. Source: system-views.md §5.
namespace vesto::sysview {

void Register_stl_stl_load_commits(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_load_commits";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("query"), IntegerColumn("slice"),
      TextColumn("name", 256), TextColumn("filename", 256), IntegerColumn("byte_offset"),
      IntegerColumn("lines_scanned"), IntegerColumn("errors"), TimestampColumn("curtime"),
      IntegerColumn("status"), TextColumn("file_format", 16), IntegerColumn("is_partial"),
      BigintColumn("start_offset"), BigintColumn("copy_job_id")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& file : state.telemetry->load_commits.Read()) {
      if (!state.Sees(file->userid)) continue;
      rows.Add({Number(file->userid), Number(file->query), Number(file->slice), Text(file->name),
                Text(file->filename), Number(0), Number(file->lines_scanned), Number(-1),
                Time(file->micros), Number(1), Text(file->file_format),
                Number(file->is_partial ? 1 : 0), Number(file->start_offset), Number(0)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
