#include "sysview/system_views.h"

// SVL_STATEMENTTEXT: every statement: queries, DDL and utilities. Source: system-views.md §4.
namespace vesto::sysview {

void Register_svl_svl_statementtext(SystemViews& views) {
  ViewDefinition view;
  view.name = "svl_statementtext";
  view.columns = {
      IntegerColumn("userid"), BigintColumn("xid"), IntegerColumn("pid"),
      TextColumn("label", 320), TimestampColumn("starttime"), TimestampColumn("endtime"),
      IntegerColumn("sequence"), TextColumn("type", 10), TextColumn("text", 200)};
  view.rows = [](const SystemState& state, Rows& rows) {
    constexpr size_t kPiece = 200;
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      for (size_t begin = 0; begin < query->text.size(); begin += kPiece) {
        rows.Add({Number(query->userid), Number(static_cast<int64_t>(query->xid)),
                  Number(query->pid), Text(query->label), Time(query->start_micros),
                  Time(query->end_micros), Number(static_cast<int64_t>(begin / kPiece)),
                  Text(query->type), Text(query->text.substr(begin, kPiece))});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
