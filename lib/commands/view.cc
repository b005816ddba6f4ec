#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

namespace vesto::commands {

Result RunCreateView(const sql::CreateViewStatement& node, int offset, CommandContext& context) {
  auto view = std::make_shared<catalog::ViewEntry>();
  view->name = node.view.back();
  view->temporary = view->name.starts_with('#');
  if (view->temporary) {
    VESTO_ASSIGN_OR_RETURN(view->schema, context.temporary_schema());
    context.Refresh();
  } else {
    VESTO_ASSIGN_OR_RETURN(const auto schema, SchemaForNew(node.view, context, offset));
    view->schema = schema->oid;
  }
  view->owner = context.user_id;
  view->query_text = node.query_text;
  view->search_path = context.bind.search_path;
  view->late_binding = node.no_schema_binding;
  view->column_names = node.columns;

  if (!view->late_binding) {
    VESTO_ASSIGN_OR_RETURN(const binder::BoundStatement bound,
                           binder::BindQuery(*node.query, context.bind));
    if (node.columns.size() > bound.columns.size()) {
      return SqlError(SqlState::kSyntaxError,
                      "CREATE VIEW specifies more column names than columns")
          .At(offset);
    }
    for (size_t i = 0; i < bound.columns.size(); ++i) {
      if (i >= view->column_names.size()) view->column_names.push_back(bound.columns[i].name);
      const Type& type = bound.columns[i].type;
      view->column_types.push_back(
          type.id == TypeId::kUnknown ? Type::Varchar(std::max(1, int{type.length})) : type);
    }
    for (size_t i = 0; i < view->column_names.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (view->column_names[i] == view->column_names[j]) {
          return SqlError(SqlState::kDuplicateColumn,
                          absl::StrCat("column \"", view->column_names[i], "\" duplicated"))
              .At(offset);
        }
      }
    }
    for (const binder::RelationReference& relation : bound.relations) {
      if (!relation.direct) continue;
      const catalog::TablePtr table = context.catalog->FindTable(relation.oid);
      if (table != nullptr && table->temporary && !view->temporary) {
        return SqlError(SqlState::kInvalidTableDefinition,
                        "views on temporary tables are not supported")
            .At(offset);
      }
      view->depends_on.push_back(relation.oid);
    }
  }

  const catalog::RelationPtr existing =
      context.catalog->FindRelation(view->schema, view->name);
  if (const auto* old_view = std::get_if<catalog::ViewPtr>(&existing);
      old_view != nullptr && node.or_replace) {
    if (!view->late_binding && !(*old_view)->late_binding &&
        ((*old_view)->column_names != view->column_names ||
         !((*old_view)->column_types == view->column_types))) {
      return SqlError(SqlState::kInvalidTableDefinition,
                      "cannot change the columns of a view with CREATE OR REPLACE VIEW")
          .At(offset)
          .Hint("Drop the view first.");
    }
    view->oid = (*old_view)->oid;
    view->owner = (*old_view)->owner;
    view->comment = (*old_view)->comment;
  } else if (!std::holds_alternative<std::monostate>(existing)) {
    return SqlError(SqlState::kDuplicateTable,
                    absl::StrCat("Relation \"", view->name, "\" already exists"))
        .At(offset);
  } else {
    view->oid = context.oids.NextOid();
  }
  context.changes.PutView(std::move(view));
  return CommandResult{};
}

}  // namespace vesto::commands
