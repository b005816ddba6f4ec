#include "sysview/statement_text.h"

#include "sysview/query_type.h"

namespace vesto::sysview {

ViewDefinition StatementTextView(std::string name, std::string_view query_type) {
  ViewDefinition view;
  view.name = std::move(name);
  view.columns = {IntegerColumn("userid"), BigintColumn("xid"), IntegerColumn("pid"),
      TextColumn("label", 320), TimestampColumn("starttime"), TimestampColumn("endtime"),
      IntegerColumn("sequence"), TextColumn("text", 200)};
  view.rows = [query_type](const SystemState& state, Rows& rows) {
    constexpr size_t kPiece = 200;
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      if (QueryTypeOf(query->text) != query_type) continue;
      for (size_t begin = 0; begin < query->text.size(); begin += kPiece) {
        rows.Add({Number(query->userid), Number(static_cast<int64_t>(query->xid)),
                  Number(query->pid), Text(query->label), Time(query->start_micros),
                  Time(query->end_micros), Number(static_cast<int64_t>(begin / kPiece)),
                  Text(query->text.substr(begin, kPiece))});
      }
    }
  };
  return view;
}

}  // namespace vesto::sysview
