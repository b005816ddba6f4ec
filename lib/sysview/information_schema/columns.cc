#include "absl/strings/str_cat.h"
#include "sysview/column_facts.h"
#include "sysview/system_views.h"
#include "types/type_rules.h"

// INFORMATION_SCHEMA.COLUMNS: late-binding views are not in it, as in Redshift. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_columns(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "columns";
  view.leader_only = true;
  view.columns = {TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("column_name", Type{TypeId::kText}),
      IntegerColumn("ordinal_position"), TypedColumn("column_default", Type{TypeId::kText}),
      TypedColumn("is_nullable", Type{TypeId::kText}), TypedColumn("data_type", Type{TypeId::kText}),
      IntegerColumn("character_maximum_length"), IntegerColumn("character_octet_length"),
      IntegerColumn("numeric_precision"), IntegerColumn("numeric_precision_radix"),
      IntegerColumn("numeric_scale"), IntegerColumn("datetime_precision"),
      TypedColumn("interval_type", Type{TypeId::kText}), TypedColumn("interval_precision", Type{TypeId::kText}),
      TypedColumn("character_set_catalog", Type{TypeId::kText}), TypedColumn("character_set_schema", Type{TypeId::kText}),
      TypedColumn("character_set_name", Type{TypeId::kText}), TypedColumn("collation_catalog", Type{TypeId::kText}),
      TypedColumn("collation_schema", Type{TypeId::kText}), TypedColumn("collation_name", Type{TypeId::kText}),
      TypedColumn("domain_catalog", Type{TypeId::kText}), TypedColumn("domain_schema", Type{TypeId::kText}),
      TypedColumn("domain_name", Type{TypeId::kText}), TypedColumn("udt_catalog", Type{TypeId::kText}),
      TypedColumn("udt_schema", Type{TypeId::kText}), TypedColumn("udt_name", Type{TypeId::kText}),
      TypedColumn("scope_catalog", Type{TypeId::kText}), TypedColumn("scope_schema", Type{TypeId::kText}),
      TypedColumn("scope_name", Type{TypeId::kText}), IntegerColumn("maximum_cardinality"),
      TypedColumn("dtd_identifier", Type{TypeId::kText}), TypedColumn("is_self_referencing", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    ForEachColumn(state, [&](const Relation& relation, const RelationColumn& column, int ordinal) {
      if (relation.view != nullptr && relation.view->late_binding) return;
      const ColumnFacts facts = FactsOf(column.type);
      const bool not_null = column.entry != nullptr && column.entry->not_null;
      rows.Add({Text(state.database), Text(state.SchemaName(relation.schema)),
                Text(relation.name), Text(column.name), Number(ordinal),
                DefaultOf(state, relation, column, ordinal), Text(not_null ? "NO" : "YES"),
                Text(facts.data_type), facts.character_length, facts.character_length,
                facts.precision, facts.radix, facts.scale, facts.datetime_precision, Value(),
                Value(), Value(), Value(), Value(), Value(), Value(), Value(), Value(), Value(),
                Value(), Text(state.database), Text("pg_catalog"),
                Text(types::TypeName(column.type)), Value(), Value(), Value(), Value(),
                Text(absl::StrCat(ordinal)), Text("NO")});
    });
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
