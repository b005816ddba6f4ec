#include "sysview/system_views.h"

// STV_ACTIVE_CURSORS: the open cursors. Source: system-views.md §3.
namespace vesto::sysview {

void Register_stv_stv_active_cursors(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_active_cursors";
  view.columns = {
      IntegerColumn("userid"), TextColumn("name", 256), BigintColumn("xid"), IntegerColumn("pid"),
      TimestampColumn("starttime"), BigintColumn("row_count"), BigintColumn("byte_count"),
      BigintColumn("fetched_rows")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const telemetry::CursorRecord& cursor : state.telemetry->cursors()) {
      if (!state.Sees(cursor.userid)) continue;
      rows.Add({Number(cursor.userid), Text(cursor.name), Number(static_cast<int64_t>(cursor.xid)),
                Number(cursor.pid), Time(cursor.start_micros), Number(cursor.row_count),
                Number(cursor.byte_count), Number(cursor.fetched_rows)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
