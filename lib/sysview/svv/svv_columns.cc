#include "sysview/system_views.h"

// SVV_COLUMNS: the columns of tables and views. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_columns(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_columns";
  view.columns = {
      TextColumn("table_catalog"), TextColumn("table_schema"), TextColumn("table_name"),
      TextColumn("column_name"), IntegerColumn("ordinal_position"), TextColumn("column_default"),
      TextColumn("is_nullable"), TextColumn("data_type"),
      IntegerColumn("character_maximum_length"), IntegerColumn("numeric_precision"),
      IntegerColumn("numeric_precision_radix"), IntegerColumn("numeric_scale"),
      IntegerColumn("datetime_precision"), TextColumn("interval_type"),
      TextColumn("interval_precision"), TextColumn("character_set_catalog"),
      TextColumn("character_set_schema"), TextColumn("character_set_name"),
      TextColumn("collation_catalog"), TextColumn("collation_schema"),
      TextColumn("collation_name"), TextColumn("domain_name"), TextColumn("remarks")};
  view.rows = [](const SystemState& state, Rows& rows) {
    const auto add = [&](catalog::Oid schema, const std::string& relation, int position,
                         const std::string& name, const Type& type, bool not_null,
                         const std::string& default_text, const Value& remarks) {
      const bool is_text = type.id == TypeId::kVarchar || type.id == TypeId::kChar;
      Value precision, radix, scale;
      switch (type.id) {
        case TypeId::kSmallint: precision = Number(16); radix = Number(2); scale = Number(0); break;
        case TypeId::kInteger: precision = Number(32); radix = Number(2); scale = Number(0); break;
        case TypeId::kBigint: precision = Number(64); radix = Number(2); scale = Number(0); break;
        case TypeId::kDecimal:
          precision = Number(type.length);
          radix = Number(10);
          scale = Number(type.scale);
          break;
        case TypeId::kReal: precision = Number(24); radix = Number(2); break;
        case TypeId::kDouble: precision = Number(53); radix = Number(2); break;
        default: break;
      }
      std::string type_name = type.ToString();
      if (const size_t bracket = type_name.find('('); bracket != std::string::npos) {
        type_name.resize(bracket);
      }
      rows.Add({Text(state.database), Text(state.SchemaName(schema)), Text(relation), Text(name),
                Number(position), default_text.empty() ? Value() : Text(default_text),
                Text(not_null ? "NO" : "YES"), Text(type_name),
                is_text ? Number(type.length) : Value(), precision, radix, scale, Value(), Value(),
                Value(), Value(), Value(), Value(), Value(), Value(), Value(), Value(), remarks});
    };
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      for (size_t i = 0; i < table->columns.size(); ++i) {
        const catalog::ColumnEntry& column = table->columns[i];
        add(table->schema, table->name, static_cast<int>(i) + 1, column.name, column.type,
            column.not_null, column.default_text,
            column.comment ? Text(*column.comment) : Value());
      }
    }
    for (const catalog::ViewPtr& view : state.catalog->views()) {
      for (size_t i = 0; i < view->column_types.size(); ++i) {
        add(view->schema, view->name, static_cast<int>(i) + 1, view->column_names[i],
            view->column_types[i], false, "", Value());
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
