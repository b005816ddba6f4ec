#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"

// UPDATE and DELETE: the target is scanned with its row ids, beside the FROM or USING list.
// Source: redshift/statements.md J.
namespace vesto::binder {

absl::StatusOr<std::vector<ExprPtr>> Binder::BindAssignments(
    const std::vector<sql::SetClause>& set, const catalog::TableEntry& table,
    std::vector<bool>* generated) {
  std::vector<ExprPtr> values(table.columns.size());
  generated->assign(table.columns.size(), false);
  for (const sql::SetClause& clause : set) {
    const int index = table.FindColumn(clause.column);
    if (index < 0) {
      return SqlError(SqlState::kUndefinedColumn,
                      absl::StrCat("column \"", clause.column, "\" of relation \"", table.name,
                                   "\" does not exist"))
          .At(clause.offset);
    }
    const catalog::ColumnEntry& column = table.columns[static_cast<size_t>(index)];
    ExprPtr& slot = values[static_cast<size_t>(index)];
    if (slot != nullptr) {
      return SqlError(SqlState::kSyntaxError,
                      absl::StrCat("multiple assignments to same column \"", clause.column, "\""))
          .At(clause.offset);
    }
    if (column.identity && !column.identity_by_default) {
      return SqlError(SqlState::kFeatureNotSupported, "cannot set an identity column to a value")
          .At(clause.offset);
    }
    if (clause.value->kind == sql::ExpressionKind::kDefault) {
      if (column.identity) {
        (*generated)[static_cast<size_t>(index)] = true;
        slot = expr::Constant(Value::Null(column.type));
      } else {
        VESTO_ASSIGN_OR_RETURN(slot, DefaultOf(column));
      }
      continue;
    }
    VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(*clause.value));
    VESTO_ASSIGN_OR_RETURN(slot, Assign(Fold(std::move(bound)), column, clause.value->offset));
  }
  return values;
}

// A target of which no column is read needs no SELECT.
void Binder::DropUnusedRead(catalog::Oid target) {
  std::erase_if(out_.privileges, [target](const RequiredPrivilege& required) {
    return required.target == RequiredPrivilege::Target::kRelation && required.object == target &&
           required.privilege == "select" && required.columns.empty();
  });
}

absl::Status Binder::BindUpdate(const sql::UpdateStatement& update, int offset) {
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr table, ResolveTarget(update.table, "update", offset));
  WithBinding with;
  struct Restore {
    Binder* binder;
    Block* block;
    CteScope* ctes;
    ~Restore() {
      binder->block_ = block;
      binder->ctes_ = ctes;
    }
  } restore{this, block_, ctes_};
  if (update.with.has_value()) VESTO_RETURN_IF_ERROR(BindWith(*update.with, nullptr, &with));

  const int privilege = AddPrivilege(table->oid, table->name, "update");
  ColumnId row_id = -1;
  VESTO_ASSIGN_OR_RETURN(FromItem target, ScanTarget(table, update.alias, &row_id));
  const FromScope target_scope = target.scope;
  Block block;
  block.clause = "FROM";
  block_ = &block;
  FromItem item = std::move(target);
  if (!update.from.empty()) {
    VESTO_ASSIGN_OR_RETURN(FromItem from, BindFrom(update.from, &block));
    for (const ScopeRelation& relation : from.scope.relations) {
      if (!relation.alias.empty() && relation.alias == target_scope.relations[0].alias) {
        return SqlError(SqlState::kDuplicateAlias,
                        absl::StrCat("table name \"", relation.alias,
                                     "\" specified more than once"))
            .At(update.from[0]->offset);
      }
    }
    item = CrossJoin(std::move(item), std::move(from));
  }
  block.from = std::move(item.scope);
  NodePtr plan = std::move(item.plan);
  if (update.where != nullptr) {
    block.clause = "WHERE";
    Predicate where;
    VESTO_RETURN_IF_ERROR(BindPredicate(*update.where, &where));
    VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(where), &plan));
  }
  block.clause = "UPDATE";
  std::vector<bool> generated;
  VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> values,
                         BindAssignments(update.set, *table, &generated));
  plan = AttachJoins(std::move(plan), std::move(block.before_aggregate));

  auto node = std::make_unique<logical::Update>();
  node->table = table;
  node->error_on_multiple = context_.error_on_nondeterministic_update;
  auto project = std::make_unique<logical::Project>();
  node->row_id = NextId();
  project->output.push_back({node->row_id, Type::Bigint(), "row id"});
  project->expressions.push_back(expr::Column(row_id, Type::Bigint(), "row id"));
  for (size_t i = 0; i < values.size(); ++i) {
    const catalog::ColumnEntry& column = table->columns[i];
    if (values[i] == nullptr) {
      values[i] = expr::Column(target_scope.columns[i].id, column.type, column.name);
    } else {
      out_.privileges[static_cast<size_t>(privilege)].columns.push_back(column.name);
    }
    if (generated[i]) {
      node->input.push_back(-1);
      continue;
    }
    node->input.push_back(NextId());
    project->output.push_back({node->input.back(), column.type, column.name});
    project->expressions.push_back(std::move(values[i]));
  }
  project->children.push_back(std::move(plan));
  node->children.push_back(WrapWith(std::move(with), std::move(project)));
  SetRowsAffectedOutput(node.get());
  DropUnusedRead(table->oid);
  out_.kind = StatementKind::kUpdate;
  out_.plan = std::move(node);
  return absl::OkStatus();
}

absl::Status Binder::BindDelete(const sql::DeleteStatement& remove, int offset) {
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr table,
                         ResolveTarget(remove.table, "delete from", offset));
  WithBinding with;
  struct Restore {
    Binder* binder;
    Block* block;
    CteScope* ctes;
    ~Restore() {
      binder->block_ = block;
      binder->ctes_ = ctes;
    }
  } restore{this, block_, ctes_};
  if (remove.with.has_value()) VESTO_RETURN_IF_ERROR(BindWith(*remove.with, nullptr, &with));

  AddPrivilege(table->oid, table->name, "delete");
  ColumnId row_id = -1;
  VESTO_ASSIGN_OR_RETURN(FromItem item, ScanTarget(table, remove.alias, &row_id));
  const std::string alias = item.scope.relations[0].alias;
  Block block;
  block.clause = "FROM";
  block_ = &block;
  if (!remove.using_list.empty()) {
    VESTO_ASSIGN_OR_RETURN(FromItem from, BindFrom(remove.using_list, &block));
    for (const ScopeRelation& relation : from.scope.relations) {
      if (!relation.alias.empty() && relation.alias == alias) {
        return SqlError(SqlState::kDuplicateAlias,
                        absl::StrCat("table name \"", alias, "\" specified more than once"))
            .At(remove.using_list[0]->offset);
      }
    }
    item = CrossJoin(std::move(item), std::move(from));
  }
  block.from = std::move(item.scope);
  NodePtr plan = std::move(item.plan);
  if (remove.where != nullptr) {
    block.clause = "WHERE";
    Predicate where;
    VESTO_RETURN_IF_ERROR(BindPredicate(*remove.where, &where));
    VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(where), &plan));
  }
  auto node = std::make_unique<logical::Delete>();
  node->table = table;
  node->row_id = NextId();
  auto project = std::make_unique<logical::Project>();
  project->output.push_back({node->row_id, Type::Bigint(), "row id"});
  project->expressions.push_back(expr::Column(row_id, Type::Bigint(), "row id"));
  project->children.push_back(std::move(plan));
  node->children.push_back(WrapWith(std::move(with), std::move(project)));
  SetRowsAffectedOutput(node.get());
  DropUnusedRead(table->oid);
  out_.kind = StatementKind::kDelete;
  out_.plan = std::move(node);
  return absl::OkStatus();
}

}  // namespace vesto::binder
