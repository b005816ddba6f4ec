#include "sysview/system_views.h"

// SYS_UNLOAD_DETAIL: the files that UNLOAD wrote. Source: system-views.md §8.
namespace vesto::sysview {

void Register_sys_sys_unload_detail(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_unload_detail";
  view.columns = {IntegerColumn("user_id"), BigintColumn("query_id"),
      BigintColumn("transaction_id"), IntegerColumn("session_id"),
      TextColumn("database_name", 65535), IntegerColumn("node_id"), IntegerColumn("slice_id"),
      TextColumn("file_name", 1280), BigintColumn("row_count"), BigintColumn("file_size"),
      TimestampColumn("start_time"), TimestampColumn("end_time")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& file : state.telemetry->unloads.Read()) {
      rows.Add({Number(state.user_id), Number(file->query), Value(), Value(),
                Text(state.database), Number(state.topology.node_of(file->slice)),
                Number(file->slice), Text(file->path), Number(file->line_count),
                Number(file->transfer_size), Time(file->start_micros), Time(file->end_micros)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
