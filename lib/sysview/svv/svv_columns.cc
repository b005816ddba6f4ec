#include "sysview/column_facts.h"
#include "sysview/system_views.h"

// SVV_COLUMNS: the columns of tables and views, late-binding views included.
// Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_columns(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_columns";
  view.leader_only = true;
  view.columns = {TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("column_name", Type{TypeId::kText}),
      IntegerColumn("ordinal_position"), TypedColumn("column_default", Type{TypeId::kText}),
      TypedColumn("is_nullable", Type{TypeId::kText}), TypedColumn("data_type", Type{TypeId::kText}),
      IntegerColumn("character_maximum_length"), IntegerColumn("numeric_precision"),
      IntegerColumn("numeric_precision_radix"), IntegerColumn("numeric_scale"),
      IntegerColumn("datetime_precision"), TypedColumn("interval_type", Type{TypeId::kText}),
      TypedColumn("interval_precision", Type{TypeId::kText}), TypedColumn("character_set_catalog", Type{TypeId::kText}),
      TypedColumn("character_set_schema", Type{TypeId::kText}), TypedColumn("character_set_name", Type{TypeId::kText}),
      TypedColumn("collation_catalog", Type{TypeId::kText}), TypedColumn("collation_schema", Type{TypeId::kText}),
      TypedColumn("collation_name", Type{TypeId::kText}), TypedColumn("domain_name", Type{TypeId::kText}),
      TypedColumn("remarks", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    ForEachColumn(state, [&](const Relation& relation, const RelationColumn& column, int ordinal) {
      const ColumnFacts facts = FactsOf(column.type);
      const bool not_null = column.entry != nullptr && column.entry->not_null;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name), Text(column.name), Number(ordinal),
                DefaultOf(state, relation, column, ordinal), Text(not_null ? "NO" : "YES"),
                Text(facts.data_type), facts.character_length, facts.precision, facts.radix,
                facts.scale, facts.datetime_precision, Value(), Value(), Value(), Value(),
                Value(), Value(), Value(), Value(), Value(), CommentOf(column)});
    });
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
