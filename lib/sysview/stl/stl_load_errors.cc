#include "sysview/system_views.h"

// STL_LOAD_ERRORS: rows that COPY refused; they survive the rollback of a failed COPY.
// Source: system-views.md §5, errors.md §2.
namespace vesto::sysview {

void Register_stl_stl_load_errors(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_load_errors";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("slice"), IntegerColumn("tbl"),
      TimestampColumn("starttime"), IntegerColumn("session"), IntegerColumn("query"),
      TextColumn("filename", 256), BigintColumn("line_number"), TextColumn("colname", 127),
      TextColumn("type", 10), TextColumn("col_length", 10), IntegerColumn("position"),
      TextColumn("raw_line", 1024), TextColumn("raw_field_value", 1024),
      IntegerColumn("err_code"), TextColumn("err_reason", 100)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& error : state.telemetry->load_errors.Read()) {
      if (!state.Sees(error->userid)) continue;
      rows.Add({Number(error->userid), Number(error->slice), Number(error->table),
                Time(error->start_micros), Number(error->session), Number(error->query),
                Text(error->filename), Number(error->line_number), Text(error->column_name),
                Text(error->type), Text(error->column_length), Number(error->position),
                Text(error->raw_line), Text(error->raw_field_value), Number(error->err_code),
                Text(error->err_reason)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
