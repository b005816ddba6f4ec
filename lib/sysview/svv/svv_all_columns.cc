#include <cstdlib>

#include "sysview/column_facts.h"
#include "sysview/system_views.h"

// SVV_ALL_COLUMNS; hidden, what SHOW COLUMNS says beyond it. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_all_columns(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_all_columns";
  view.leader_only = true;
  view.columns = {TextColumn("database_name", 128), TextColumn("schema_name", 128),
      TextColumn("table_name", 128), TextColumn("column_name", 128),
      IntegerColumn("ordinal_position"), TextColumn("column_default", 4000),
      TextColumn("is_nullable", 3), TextColumn("data_type", 128),
      IntegerColumn("character_maximum_length"), IntegerColumn("numeric_precision"),
      IntegerColumn("numeric_scale"), TextColumn("remarks", 256),
      Hidden(TextColumn("sort_key_type", 128)), Hidden(IntegerColumn("sort_key")),
      Hidden(IntegerColumn("dist_key")), Hidden(TextColumn("encoding", 128))};
  view.rows = [](const SystemState& state, Rows& rows) {
    ForEachColumn(state, [&](const Relation& relation, const RelationColumn& column, int ordinal) {
      const ColumnFacts facts = FactsOf(column.type);
      const catalog::ColumnEntry* entry = column.entry;
      const types::TableDesign* design = entry != nullptr ? &relation.table->design : nullptr;
      const int sort_key = design != nullptr ? std::abs(SortKeyPosition(*design, ordinal - 1)) : 0;
      const bool dist_key = design != nullptr &&
                            design->dist_style == types::DistStyle::kKey &&
                            design->dist_key == ordinal - 1;
      const bool not_null = entry != nullptr && entry->not_null;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name), Text(column.name), Number(ordinal),
                DefaultOf(state, relation, column, ordinal), Text(not_null ? "NO" : "YES"),
                Text(facts.data_type), facts.character_length, facts.precision, facts.scale,
                CommentOf(column),
                sort_key == 0 ? Value()
                : design->sort_style == types::SortStyle::kInterleaved ? Text("INTERLEAVED")
                                                                       : Text("COMPOUND"),
                Number(sort_key), Number(dist_key ? 1 : 0),
                Text(entry != nullptr ? EncodingOfNumber(EncodingNumber(entry->encoding))
                                      : std::string("none"))});
    });
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
