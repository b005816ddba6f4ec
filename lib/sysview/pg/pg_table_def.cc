#include <algorithm>

#include "sysview/system_views.h"

// PG_TABLE_DEF: the columns of tables in the search path, with their encodings and keys.
// Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_table_def(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_table_def";
  view.leader_only = true;
  view.columns = {
      TextColumn("schemaname", 128), TextColumn("tablename", 128), TextColumn("column", 128),
      TextColumn("type", 128), TextColumn("encoding", 32), BooleanColumn("distkey"),
      IntegerColumn("sortkey"), BooleanColumn("notnull")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      const catalog::SchemaPtr schema = state.catalog->FindSchema(table->schema);
      if (schema == nullptr) continue;
      // Only tables of schemas in the search path.
      const bool in_path =
          schema->temporary_session != 0 ||
          std::any_of(state.search_path.begin(), state.search_path.end(),
                      [&](const std::string& entry) {
                        return (entry == "$user" ? state.user : entry) == schema->name;
                      });
      if (!in_path) continue;
      const types::TableDesign& design = table->design;
      for (size_t i = 0; i < table->columns.size(); ++i) {
        const catalog::ColumnEntry& column = table->columns[i];
        int sort_key = 0;
        for (size_t k = 0; k < design.sort_keys.size(); ++k) {
          if (design.sort_keys[k] != static_cast<int>(i)) continue;
          sort_key = static_cast<int>(k) + 1;
          // Interleaved keys alternate in sign.
          if (design.sort_style == types::SortStyle::kInterleaved && k % 2 == 1) {
            sort_key = -sort_key;
          }
        }
        const std::string encoding(types::EncodingName(column.encoding));
        rows.Add({Text(schema->name), Text(table->name), Text(column.name),
                  Text(column.type.ToString()), Text(encoding == "raw" ? "none" : encoding),
                  Flag(design.dist_key == static_cast<int>(i)), Number(sort_key),
                  Flag(column.not_null)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
