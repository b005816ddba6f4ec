#include "sysview/access_lists.h"
#include "sysview/column_facts.h"
#include "sysview/system_views.h"

// SVV_REDSHIFT_COLUMNS: with encodings and keys. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_redshift_columns(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_redshift_columns";
  view.leader_only = true;
  view.columns = {TextColumn("database_name", 128), TextColumn("schema_name", 128),
      TextColumn("table_name", 128), TextColumn("column_name", 128),
      IntegerColumn("ordinal_position"), TextColumn("data_type", 32),
      TextColumn("column_default", 4000), TextColumn("is_nullable", 3),
      TextColumn("encoding", 128), BooleanColumn("distkey"), IntegerColumn("sortkey"),
      TextColumn("column_acl", 128), TextColumn("remarks", 256)};
  view.rows = [](const SystemState& state, Rows& rows) {
    ForEachColumn(state, [&](const Relation& relation, const RelationColumn& column, int ordinal) {
      const catalog::ColumnEntry* entry = column.entry;
      const types::TableDesign* design = entry != nullptr ? &relation.table->design : nullptr;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name), Text(column.name), Number(ordinal),
                Text(column.type.ToString()), DefaultOf(state, relation, column, ordinal),
                Text(entry != nullptr && entry->not_null ? "NO" : "YES"),
                entry != nullptr ? Text(EncodingOfNumber(EncodingNumber(entry->encoding)))
                                 : Value(),
                Flag(design != nullptr && design->dist_style == types::DistStyle::kKey &&
                     design->dist_key == ordinal - 1),
                Number(design != nullptr ? SortKeyPosition(*design, ordinal - 1) : 0),
                entry == nullptr ? Value()
                                 : AccessList(state, security::Target::kRelation,
                                              relation.oid, column.name),
                CommentOf(column)});
    });
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
