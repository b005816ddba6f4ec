#include "sysview/system_views.h"

// STL_QUERYTEXT: statement texts in pieces of 200 bytes, newlines as \\n. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_querytext(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_querytext";
  view.columns = {
      IntegerColumn("userid"), BigintColumn("xid"), IntegerColumn("pid"), IntegerColumn("query"),
      IntegerColumn("sequence"), TextColumn("text", 200)};
  view.rows = [](const SystemState& state, Rows& rows) {
    constexpr size_t kPiece = 200;
    for (const auto& query : state.telemetry->queries.Read()) {
      if (query->type != "QUERY" || !state.Sees(query->userid)) continue;
      std::string text;
      for (char c : query->text) {
        if (c == '\n') {
          text += "\\n";
        } else {
          text += c;
        }
      }
      for (size_t begin = 0; begin < text.size(); begin += kPiece) {
        rows.Add({Number(query->userid), Number(static_cast<int64_t>(query->xid)),
                  Number(query->pid), Number(query->query),
                  Number(static_cast<int64_t>(begin / kPiece)), Text(text.substr(begin, kPiece))});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
