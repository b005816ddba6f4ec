#include "sysview/table_functions.h"

#include "base/status_macros.h"
#include "sysview/catalog_names.h"
#include "sysview/relations.h"

namespace vesto::sysview {
namespace {

// PG_GET_LATE_BINDING_VIEW_COLS(): a view whose text does not bind now has no columns to show.
absl::Status LateBindingColumns(const SystemState& state, const std::vector<Value>&, Rows& rows) {
  for (const catalog::ViewPtr& view : state.catalog->views()) {
    if (!view->late_binding) continue;
    auto columns = state.describe(view->query_text, view->search_path);
    if (!columns.ok()) continue;
    for (size_t i = 0; i < columns->size(); ++i) {
      rows.Add({Text(state.SchemaName(view->schema)), Text(view->name), Text((*columns)[i].name),
                Text((*columns)[i].type.ToString()), Number(static_cast<int64_t>(i) + 1)});
    }
  }
  return absl::OkStatus();
}

absl::Status RelationColumns(const SystemState& state, const std::vector<Value>& arguments,
                             Rows& rows) {
  VESTO_ASSIGN_OR_RETURN(const Relation relation, FindRelation(state, arguments[0].text()));
  std::vector<RelationColumn> columns = ColumnsOf(state, relation);
  if (relation.view != nullptr && relation.view->late_binding) {
    VESTO_ASSIGN_OR_RETURN(auto described, state.describe(relation.view->query_text,
                                                          relation.view->search_path));
    for (const source::SourceColumn& column : described) {
      columns.push_back({column.name, column.type});
    }
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    rows.Add({Text(state.SchemaName(relation.schema)), Text(relation.name), Text(columns[i].name),
              Text(columns[i].type.ToString()), Number(static_cast<int64_t>(i) + 1)});
  }
  return absl::OkStatus();
}

std::vector<source::SourceColumn> ColumnList() {
  return {NameColumn("view_schema"), NameColumn("view_name"), NameColumn("col_name"),
          TextColumn("col_type", 256), IntegerColumn("col_num")};
}

}  // namespace

const TableFunction* FindCatalogFunction(std::string_view name, size_t num_arguments) {
  static const std::vector<TableFunction> functions = {
      {"pg_get_late_binding_view_cols", 0, ColumnList(), LateBindingColumns},
      {"pg_get_cols", 1, ColumnList(), RelationColumns},
  };
  for (const TableFunction& function : functions) {
    if (function.name == name && function.num_arguments == num_arguments) return &function;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<source::SourceReader>> TableFunctionSource::OpenReader(
    const functions::EvalContext& context) const {
  const auto* state = context.Handle<SystemState>();
  if (state == nullptr) return absl::InternalError("a catalog function without a cluster");
  Rows rows(function_.columns);
  VESTO_RETURN_IF_ERROR(function_.rows(*state, arguments_, rows));
  return ReaderOf(function_.columns, std::move(rows));
}

}  // namespace vesto::sysview
