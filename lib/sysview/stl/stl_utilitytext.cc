#include "sysview/query_type.h"
#include "sysview/system_views.h"

// STL_UTILITYTEXT: the text of utility statements in pieces of 200 characters. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_utilitytext(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_utilitytext";
  view.columns = {IntegerColumn("userid"), BigintColumn("xid"), IntegerColumn("pid"),
      TextColumn("label", 320), TimestampColumn("starttime"), TimestampColumn("endtime"),
      IntegerColumn("sequence"), TextColumn("text", 200)};
  view.rows = [](const SystemState& state, Rows& rows) {
    constexpr size_t kPiece = 200;
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      if (QueryTypeOf(query->text) != "UTILITY") continue;
      for (size_t begin = 0; begin < query->text.size(); begin += kPiece) {
        rows.Add({Number(query->userid), Number(static_cast<int64_t>(query->xid)),
                  Number(query->pid), Text(query->label), Time(query->start_micros),
                  Time(query->end_micros), Number(static_cast<int64_t>(begin / kPiece)),
                  Text(query->text.substr(begin, kPiece))});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
