#include <algorithm>

#include "sysview/catalog_names.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_TABLE_DEF: the columns of tables in the search path, with their encodings and keys.
// Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_table_def(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_table_def";
  view.leader_only = true;
  view.columns = {NameColumn("schemaname"), NameColumn("tablename"), NameColumn("column"),
      TypedColumn("type", Type{TypeId::kText}), TextColumn("encoding", 32),
      BooleanColumn("distkey"), IntegerColumn("sortkey"), BooleanColumn("notnull")};
  view.rows = [](const SystemState& state, Rows& rows) {
    const std::vector<std::string> path = VisibleSchemas(state);
    for (const Relation& relation : Relations(state)) {
      if (relation.kind != 'r') continue;
      const std::string schema = state.SchemaName(relation.schema);
      if (std::find(path.begin(), path.end(), schema) == path.end()) continue;
      int index = 0;
      for (const RelationColumn& column : ColumnsOf(state, relation)) {
        if (column.hidden) continue;
        const catalog::ColumnEntry* entry = column.entry;
        const types::TableDesign* design = entry != nullptr ? &relation.table->design : nullptr;
        rows.Add({Text(schema), Text(relation.name), Text(column.name),
                  Text(column.type.ToString()),
                  Text(entry != nullptr ? EncodingOfNumber(EncodingNumber(entry->encoding))
                                        : "none"),
                  Flag(design != nullptr && design->dist_key == index),
                  Number(design != nullptr ? SortKeyPosition(*design, index) : 0),
                  Flag(entry != nullptr && entry->not_null)});
        ++index;
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
