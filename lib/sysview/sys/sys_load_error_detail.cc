#include "sysview/system_views.h"

// SYS_LOAD_ERROR_DETAIL: rows that COPY refused. Source: system-views.md §8.
namespace vesto::sysview {

void Register_sys_sys_load_error_detail(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_load_error_detail";
  view.columns = {IntegerColumn("user_id"), BigintColumn("query_id"),
      BigintColumn("transaction_id"), IntegerColumn("session_id"),
      TextColumn("database_name", 64), IntegerColumn("table_id"),
      TimestampColumn("start_time"), TextColumn("file_name", 256),
      BigintColumn("line_number"), TextColumn("column_name", 127),
      TextColumn("column_type", 10), TextColumn("column_length", 10),
      IntegerColumn("position"), IntegerColumn("error_code"),
      TextColumn("error_message", 512)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& error : state.telemetry->load_errors.Read()) {
      if (!state.Sees(error->userid)) continue;
      rows.Add({Number(error->userid), Number(error->query),
                Number(static_cast<int64_t>(error->xid)), Number(error->session),
                Text(error->database), Number(error->table), Time(error->start_micros),
                Text(error->filename), Number(error->line_number), Text(error->column_name),
                Text(error->type), Text(error->column_length), Number(error->position),
                Number(error->err_code), Text(error->err_reason)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
