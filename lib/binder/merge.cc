#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"

// MERGE: the source left-joined with its target; each row says what becomes of it.
// Source: redshift/statements.md J.
namespace vesto::binder {

namespace {

// CASE WHEN row_id IS NOT NULL THEN matched ELSE inserted END
ExprPtr Choose(ColumnId row_id, ExprPtr matched, ExprPtr inserted, const Type& type) {
  auto node = std::make_unique<expr::Expr>();
  node->kind = expr::ExprKind::kCase;
  node->type = type;
  node->physical = types::DefaultPhysicalType(type);
  node->args.push_back(expr::IsNull(expr::Column(row_id, Type::Bigint(), "row id"), true));
  node->args.push_back(std::move(matched));
  node->args.push_back(std::move(inserted));
  return node;
}

}  // namespace

absl::Status Binder::BindMerge(const sql::MergeStatement& merge, int offset) {
  if (!merge.remove_duplicates && !(merge.has_matched && merge.has_not_matched)) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "MERGE statement with a single WHEN clause is not enabled.")
        .At(offset);
  }
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr table,
                         ResolveTarget(merge.target, "merge into", offset));
  struct Restore {
    Binder* binder;
    Block* block;
    ~Restore() { binder->block_ = block; }
  } restore{this, block_};
  Block block;
  block.clause = "FROM";
  block_ = &block;

  VESTO_ASSIGN_OR_RETURN(FromItem source, BindTableRef(*merge.source, nullptr));
  std::function<bool(const logical::Node&)> reads_target = [&](const logical::Node& node) {
    if (node.kind == logical::NodeKind::kScan &&
        node.As<logical::Scan>().table->oid == table->oid) {
      return true;
    }
    return std::any_of(node.children.begin(), node.children.end(),
                       [&](const NodePtr& child) { return reads_target(*child); });
  };
  if (reads_target(*source.plan)) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "Source view/subquery in Merge statement cannot reference target table.")
        .At(merge.source->offset);
  }

  ColumnId row_id = -1;
  VESTO_ASSIGN_OR_RETURN(FromItem target, ScanTarget(table, "", &row_id));
  const FromScope source_scope = source.scope;
  const FromScope target_scope = target.scope;
  NodePtr source_copy = merge.remove_duplicates ? logical::Clone(*source.plan) : nullptr;
  FromItem item = CrossJoin(std::move(source), std::move(target));
  auto& join = item.plan->As<logical::Join>();
  join.type = merge.remove_duplicates ? logical::JoinType::kInner : logical::JoinType::kLeft;

  block.from = std::move(item.scope);
  block.clause = "MERGE/ON";
  Predicate condition;
  VESTO_RETURN_IF_ERROR(BindPredicate(*merge.on, &condition));
  if (!condition.joins.empty()) {
    return NotSupported("a subquery in the condition of MERGE", merge.on->offset);
  }
  SplitCondition(std::move(condition.plain), &join);

  auto node = std::make_unique<logical::Merge>();
  node->table = table;
  node->row_id = NextId();
  auto project = std::make_unique<logical::Project>();
  project->output.push_back({node->row_id, Type::Bigint(), "row id"});
  project->expressions.push_back(expr::Column(row_id, Type::Bigint(), "row id"));

  if (merge.remove_duplicates) {
    // Every target row that matches goes, every source row comes: that updates the matched ones,
    // inserts the others and leaves one row where several matched.
    if (source_scope.columns.size() != table->columns.size()) {
      return SqlError(SqlState::kSyntaxError,
                      "MERGE with REMOVE DUPLICATES requires source and target with the same "
                      "columns")
          .At(merge.source->offset);
    }
    AddPrivilege(table->oid, table->name, "insert");
    AddPrivilege(table->oid, table->name, "delete");
    project->children.push_back(std::move(item.plan));
    auto distinct = std::make_unique<logical::Distinct>();
    distinct->children.push_back(std::move(project));
    OutputOfChild(distinct.get());

    // The two halves in one form: (row id, columns...).
    auto removed = std::make_unique<logical::Project>();
    auto added = std::make_unique<logical::Project>();
    auto both = std::make_unique<logical::SetOperation>();
    std::vector<ColumnId> removed_ids, added_ids;
    auto column_of = [&](logical::Project* to, std::vector<ColumnId>* ids, ExprPtr value,
                         const std::string& name) {
      ids->push_back(NextId());
      to->output.push_back({ids->back(), value->type, name});
      to->expressions.push_back(std::move(value));
    };
    column_of(removed.get(), &removed_ids, expr::Column(node->row_id, Type::Bigint(), "row id"),
              "row id");
    column_of(added.get(), &added_ids, expr::Constant(Value::Null(Type::Bigint())), "row id");
    for (size_t i = 0; i < table->columns.size(); ++i) {
      const catalog::ColumnEntry& column = table->columns[i];
      column_of(removed.get(), &removed_ids, expr::Constant(Value::Null(column.type)),
                column.name);
      VESTO_ASSIGN_OR_RETURN(ExprPtr reference,
                             Reference(source_scope.columns[i], &block, merge.source->offset));
      VESTO_ASSIGN_OR_RETURN(ExprPtr value,
                             Assign(std::move(reference), column, merge.source->offset));
      column_of(added.get(), &added_ids, std::move(value), column.name);
    }
    removed->children.push_back(std::move(distinct));
    added->children.push_back(std::move(source_copy));
    node->row_id = NextId();
    both->output.push_back({node->row_id, Type::Bigint(), "row id"});
    for (const catalog::ColumnEntry& column : table->columns) {
      node->input.push_back(NextId());
      both->output.push_back({node->input.back(), column.type, column.name});
    }
    both->columns = {std::move(removed_ids), std::move(added_ids)};
    both->children.push_back(std::move(removed));
    both->children.push_back(std::move(added));
    node->matched_delete = true;
    node->children.push_back(std::move(both));
    SetRowsAffectedOutput(node.get());
    DropUnusedRead(table->oid);
    out_.kind = StatementKind::kMerge;
    out_.plan = std::move(node);
    return absl::OkStatus();
  }

  // WHEN MATCHED
  block.clause = "MERGE";
  std::vector<ExprPtr> updated(table->columns.size());
  std::vector<bool> update_generates(table->columns.size(), false);
  if (merge.matched_delete) {
    AddPrivilege(table->oid, table->name, "delete");
    node->matched_delete = true;
  } else {
    const int privilege = AddPrivilege(table->oid, table->name, "update");
    VESTO_ASSIGN_OR_RETURN(updated, BindAssignments(merge.matched_set, *table, &update_generates));
    for (size_t i = 0; i < updated.size(); ++i) {
      if (updated[i] == nullptr) continue;
      out_.privileges[static_cast<size_t>(privilege)].columns.push_back(table->columns[i].name);
    }
  }
  // WHEN NOT MATCHED
  const int privilege = AddPrivilege(table->oid, table->name, "insert");
  VESTO_ASSIGN_OR_RETURN(std::vector<int> targets,
                         TargetColumns(*table, merge.insert_columns, offset));
  if (merge.insert_values.size() > targets.size()) {
    return SqlError(SqlState::kSyntaxError, "INSERT has more expressions than target columns")
        .At(merge.insert_values[targets.size()]->offset);
  }
  if (merge.insert_values.size() < targets.size()) {
    if (!merge.insert_columns.empty()) {
      return SqlError(SqlState::kSyntaxError, "INSERT has more target columns than expressions")
          .At(offset);
    }
    targets.resize(merge.insert_values.size());
  }
  std::vector<ExprPtr> inserted(table->columns.size());
  // The target's columns have no value in a row that is not matched: names mean the source.
  block.from = source_scope;
  for (size_t i = 0; i < targets.size(); ++i) {
    const auto index = static_cast<size_t>(targets[i]);
    const catalog::ColumnEntry& column = table->columns[index];
    const sql::Expression& ast = *merge.insert_values[i];
    if (ast.kind == sql::ExpressionKind::kDefault) continue;
    if (column.identity && !column.identity_by_default) {
      return SqlError(SqlState::kFeatureNotSupported, "cannot set an identity column to a value")
          .At(ast.offset);
    }
    VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(ast));
    VESTO_ASSIGN_OR_RETURN(inserted[index], Assign(Fold(std::move(bound)), column, ast.offset));
    out_.privileges[static_cast<size_t>(privilege)].columns.push_back(column.name);
  }
  NodePtr plan = AttachJoins(std::move(item.plan), std::move(block.before_aggregate));

  node->generated.assign(table->columns.size(), -1);
  for (size_t i = 0; i < table->columns.size(); ++i) {
    const catalog::ColumnEntry& column = table->columns[i];
    const bool insert_generates = inserted[i] == nullptr && column.identity;
    if (insert_generates || update_generates[i]) {
      node->generated[i] = NextId();
      project->output.push_back({node->generated[i], Type::Boolean(), "generated"});
      project->expressions.push_back(
          Choose(row_id, expr::Constant(Value::Boolean(update_generates[i])),
                 expr::Constant(Value::Boolean(insert_generates)), Type::Boolean()));
    }
    if (inserted[i] == nullptr) {
      if (column.identity) {
        inserted[i] = expr::Constant(Value::Null(column.type));
      } else {
        VESTO_ASSIGN_OR_RETURN(inserted[i], DefaultOf(column));
      }
    }
    ExprPtr matched = std::move(updated[i]);
    if (merge.matched_delete) {
      matched = expr::Constant(Value::Null(column.type));
    } else if (matched == nullptr) {
      matched = expr::Column(target_scope.columns[i].id, column.type, column.name);
    }
    node->input.push_back(NextId());
    project->output.push_back({node->input.back(), column.type, column.name});
    project->expressions.push_back(
        Choose(row_id, std::move(matched), std::move(inserted[i]), column.type));
  }
  project->children.push_back(std::move(plan));
  node->children.push_back(std::move(project));
  SetRowsAffectedOutput(node.get());
  DropUnusedRead(table->oid);
  out_.kind = StatementKind::kMerge;
  out_.plan = std::move(node);
  return absl::OkStatus();
}

}  // namespace vesto::binder
