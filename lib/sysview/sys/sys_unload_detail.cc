#include "sysview/system_views.h"

// SYS_UNLOAD_DETAIL: the files that UNLOAD wrote. Source: the guide's page of the view.
namespace vesto::sysview {

void Register_sys_sys_unload_detail(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_unload_detail";
  view.columns = {IntegerColumn("user_id"),       BigintColumn("query_id"),
                  IntegerColumn("session_id"),    BigintColumn("transaction_id"),
                  TextColumn("file_name", 1280),  TimestampColumn("start_time"),
                  TimestampColumn("end_time"),    BigintColumn("line_count"),
                  BigintColumn("transfer_size"),  TextColumn("file_format", 10)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& file : state.telemetry->unloads.Read()) {
      if (!state.Sees(file->userid)) continue;
      rows.Add({Number(file->userid), Number(file->query), Number(file->pid),
                Number(static_cast<int64_t>(file->xid)), Text(file->path),
                Time(file->start_micros), Time(file->end_micros), Number(file->line_count),
                Number(file->transfer_size), Text(file->file_format)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
