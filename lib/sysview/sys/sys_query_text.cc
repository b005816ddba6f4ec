#include "sysview/system_views.h"
#include "types/text.h"

// SYS_QUERY_TEXT: the text of each statement in pieces of 200 characters. Source: system-views.md §8.
namespace vesto::sysview {

void Register_sys_sys_query_text(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_query_text";
  view.columns = {IntegerColumn("user_id"), BigintColumn("query_id"),
      BigintColumn("transaction_id"), IntegerColumn("session_id"), TimestampColumn("start_time"),
      IntegerColumn("sequence"), TextColumn("text", 200)};
  view.rows = [](const SystemState& state, Rows& rows) {
    constexpr size_t kPiece = 200;
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      std::string text;
      for (const char c : query->text) {
        if (c == '\n') {
          text += "\\n";
        } else {
          text.push_back(c);
        }
      }
      std::string_view rest = text;
      for (int64_t sequence = 0; sequence == 0 || !rest.empty(); ++sequence) {
        const std::string_view piece = types::TruncateUtf8(rest, kPiece);
        rows.Add({Number(query->userid), Number(query->query),
                  Number(static_cast<int64_t>(query->xid)), Number(query->pid),
                  Time(query->start_micros), Number(sequence), Text(std::string(piece))});
        if (piece.empty()) break;
        rest.remove_prefix(piece.size());
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
