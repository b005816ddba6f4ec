#include "sysview/system_views.h"

// STL_EXPLAIN: the plans of EXPLAIN, line by line. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_explain(SystemViews& views) {
  ViewDefinition view;
  view.name = "stl_explain";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("query"), IntegerColumn("nodeid"),
      IntegerColumn("parentid"), TextColumn("plannode", 400), TextColumn("info", 400)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      int node = 0;
      for (const std::string& line : query->plan_lines) {
        ++node;
        rows.Add({Number(query->userid), Number(query->query), Number(node),
                  Number(node == 1 ? 0 : node - 1), Text(line), Text("")});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
