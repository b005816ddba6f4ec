#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/stack_guard.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

namespace vesto::commands {
namespace {

// The relations of a late-binding view must be named with their schema, which must exist.
class Qualified {
 public:
  explicit Qualified(const CommandContext& context) : context_(context) {}

  absl::Status Check(const sql::Query& query) {
    const size_t outer = ctes_.size();
    if (query.with.has_value()) {
      for (const sql::CommonTable& table : query.with->tables) {
        if (query.with->recursive) ctes_.push_back(table.name);
        VESTO_RETURN_IF_ERROR(Check(*table.query));
        ctes_.push_back(table.name);
      }
    }
    for (const sql::QueryPtr& input : query.inputs) VESTO_RETURN_IF_ERROR(Check(*input));
    if (query.select != nullptr) VESTO_RETURN_IF_ERROR(Check(*query.select));
    ctes_.resize(outer);
    return absl::OkStatus();
  }

 private:
  absl::Status Check(const sql::Select& select) {
    for (const sql::TableRefPtr& ref : select.from) VESTO_RETURN_IF_ERROR(Check(*ref));
    for (const sql::SelectItem& item : select.items) {
      VESTO_RETURN_IF_ERROR(Check(item.expression.get()));
    }
    for (const sql::Expression* part :
         {select.where.get(), select.having.get(), select.qualify.get(), select.start_with.get(),
          select.connect_by.get()}) {
      VESTO_RETURN_IF_ERROR(Check(part));
    }
    return absl::OkStatus();
  }

  absl::Status Check(const sql::Expression* expression) {
    if (expression == nullptr) return absl::OkStatus();
    if (!base::HasStack()) {
      return SqlError(SqlState::kStatementTooComplex, "stack depth limit exceeded");
    }
    if (expression->query != nullptr) VESTO_RETURN_IF_ERROR(Check(*expression->query));
    for (const sql::ExpressionPtr& part : expression->args) {
      VESTO_RETURN_IF_ERROR(Check(part.get()));
    }
    return absl::OkStatus();
  }

  absl::Status Check(const sql::TableRef& ref) {
    if (ref.query != nullptr) VESTO_RETURN_IF_ERROR(Check(*ref.query));
    if (ref.left != nullptr) VESTO_RETURN_IF_ERROR(Check(*ref.left));
    if (ref.right != nullptr) VESTO_RETURN_IF_ERROR(Check(*ref.right));
    VESTO_RETURN_IF_ERROR(Check(ref.on.get()));
    if (ref.kind != sql::TableRefKind::kTable) return absl::OkStatus();
    if (ref.name.size() > 1) {
      const std::string& schema = ref.name[ref.name.size() - 2];
      if (context_.catalog->FindSchema(schema) != nullptr) return absl::OkStatus();
      return SqlError(SqlState::kInvalidSchemaName,
                      absl::StrCat("schema \"", schema, "\" does not exist"))
          .At(ref.offset);
    }
    if (std::find(ctes_.begin(), ctes_.end(), ref.name[0]) != ctes_.end()) return absl::OkStatus();
    // System views need no schema: pg_catalog is always searched.
    const source::SourceResolver* sources = context_.bind.sources;
    if (sources != nullptr && (sources->FindSource("pg_catalog", ref.name[0]) != nullptr ||
                               !sources->FindSourceQuery("pg_catalog", ref.name[0]).empty())) {
      return absl::OkStatus();
    }
    return SqlError(SqlState::kInvalidTableDefinition,
                    "All the relation names inside should be qualified when creating VIEW WITH NO "
                    "SCHEMA BINDING.")
        .At(ref.offset);
  }

  const CommandContext& context_;
  std::vector<std::string> ctes_;
};

}  // namespace

Result RunCreateView(const sql::CreateViewStatement& node, int offset, CommandContext& context) {
  auto view = std::make_shared<catalog::ViewEntry>();
  view->name = node.view.back();
  view->temporary = view->name.starts_with('#');
  if (view->temporary) {
    VESTO_RETURN_IF_ERROR(CheckMayHaveTemporary(context));
    VESTO_ASSIGN_OR_RETURN(view->schema, context.temporary_schema());
    context.Refresh();
  } else {
    VESTO_ASSIGN_OR_RETURN(const auto schema, SchemaForNew(node.view, context, offset));
    view->schema = schema->oid;
    VESTO_RETURN_IF_ERROR(CheckMayCreateIn(*schema, context));
  }
  view->owner = context.user_id;
  view->query_text = node.query_text;
  view->search_path = context.bind.search_path;
  view->late_binding = node.no_schema_binding;
  view->column_names = node.columns;

  if (view->late_binding) {
    VESTO_RETURN_IF_ERROR(Qualified(context).Check(*node.query));
  } else {
    VESTO_ASSIGN_OR_RETURN(const binder::BoundStatement bound,
                           binder::BindQuery(*node.query, context.bind));
    VESTO_RETURN_IF_ERROR(
        security::CheckPrivileges(*context.catalog, context.user_id, bound.privileges));
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
    VESTO_RETURN_IF_ERROR(context.Rights().CheckOwner(security::Target::kRelation,
                                                      (*old_view)->owner, view->name));
    view->oid = (*old_view)->oid;
    view->owner = (*old_view)->owner;
    view->comment = (*old_view)->comment;
  } else if (!std::holds_alternative<std::monostate>(existing)) {
    return SqlError(SqlState::kDuplicateTable,
                    absl::StrCat("Relation \"", view->name, "\" already exists"))
        .At(offset);
  } else {
    view->oid = context.oids.NextOid();
    PutInitialAccessList(security::Target::kRelation, view->oid, view->schema, view->owner,
                         context);
  }
  context.changes.PutView(std::move(view));
  return CommandResult{};
}

}  // namespace vesto::commands
