#include <algorithm>

#include "binder/binder_impl.h"

// START WITH and CONNECT BY, as a recursive CTE over the rows of FROM:
//
//   base      = the rows of FROM, joined
//   hierarchy = SELECT base.*, 1 AS level FROM base WHERE <START WITH>
//               UNION ALL
//               SELECT base.*, prior.level + 1 FROM base, hierarchy prior WHERE <CONNECT BY>
//
// and the rest of the block reads `hierarchy` where it named the relations of FROM. A loop among the
// rows never ends by itself: it meets the limits of a recursive CTE.
// Source: redshift/statements.md I (CONNECT BY: FROM and joins, CONNECT BY, what is left of WHERE).
namespace vesto::binder {
namespace {

using Names = absl::flat_hash_map<ColumnId, ColumnId>;

void Rename(ScopeColumn* column, const Names& names) {
  if (const auto it = names.find(column->id); it != names.end()) column->id = it->second;
  if (column->merged == nullptr) return;
  column->merged = expr::Transform(column->merged->Clone(), [&names](expr::Expr& part) {
    if (part.is_column()) {
      if (const auto it = names.find(part.column); it != names.end()) part.column = it->second;
    }
    return ExprPtr();
  });
}

// The same names over other columns.
FromScope Renamed(FromScope scope, const Names& names) {
  for (ScopeRelation& relation : scope.relations) {
    for (ScopeColumn& column : relation.columns) Rename(&column, names);
  }
  for (ScopeColumn& column : scope.columns) Rename(&column, names);
  return scope;
}

void SplitAnd(const sql::Expression& ast, std::vector<const sql::Expression*>* parts) {
  if (ast.kind != sql::ExpressionKind::kAnd) {
    parts->push_back(&ast);
    return;
  }
  for (const sql::ExpressionPtr& part : ast.args) SplitAnd(*part, parts);
}

ScopeColumn Level(ColumnId id) {
  ScopeColumn level;
  level.name = "level";
  level.id = id;
  level.type = Type::Integer();
  return level;
}

ScopeColumn Level(ExprPtr value) {
  ScopeColumn level = Level(ColumnId{-1});
  level.merged = std::shared_ptr<const expr::Expr>(std::move(value));
  return level;
}

}  // namespace

absl::StatusOr<ExprPtr> Binder::BindPrior(const sql::Expression& ast) {
  std::optional<Hierarchy>& hierarchy = block_->hierarchy;
  if (!hierarchy.has_value() || !hierarchy->has_prior) {
    return SqlError(SqlState::kSyntaxError, "PRIOR is only allowed in the condition of CONNECT BY")
        .At(ast.offset);
  }
  // Within its operand the parent row is the only one.
  Hierarchy parent{hierarchy->prior_level, false, {}, {}};
  std::swap(block_->from, hierarchy->prior);
  std::swap(*hierarchy, parent);
  auto bound = Bind(*ast.args[0]);
  std::swap(*hierarchy, parent);
  std::swap(block_->from, hierarchy->prior);
  return bound;
}

absl::Status Binder::BindHierarchy(const sql::Select& select, Block* block,
                                   std::vector<const sql::Expression*>* conjuncts, NodePtr* plan) {
  if (select.connect_by == nullptr) {
    return SqlError(SqlState::kSyntaxError, "START WITH without CONNECT BY")
        .At(select.start_with->offset);
  }
  // What joins two relations belongs to FROM; the rest of WHERE comes last.
  std::vector<const sql::Expression*> parts, later;
  for (const sql::Expression* conjunct : *conjuncts) SplitAnd(*conjunct, &parts);
  for (const sql::Expression* part : parts) {
    Predicate predicate;
    bool joins_relations = false;
    if (block->from.relations.size() > 1) {
      // LEVEL is not known yet: a condition that uses it comes later.
      block->hierarchy.emplace();
      block->hierarchy->level = Level(ColumnId{-1});
      block->clause = "WHERE";
      absl::Status status = BindPredicate(*part, &predicate);
      block->hierarchy.reset();
      VESTO_RETURN_IF_ERROR(status);
      if (predicate.joins.empty() && predicate.plain.size() == 1) {
        absl::flat_hash_set<ColumnId> used;
        expr::CollectColumns(*predicate.plain[0], &used);
        int relations = 0;
        for (const ScopeRelation& relation : block->from.relations) {
          relations += std::any_of(relation.columns.begin(), relation.columns.end(),
                                   [&](const ScopeColumn& column) {
                                     return used.contains(column.id);
                                   })
                           ? 1
                           : 0;
        }
        joins_relations = relations > 1 && !used.contains(-1);
      }
    }
    if (joins_relations) {
      VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(predicate), plan));
    } else {
      later.push_back(part);
    }
  }
  *conjuncts = std::move(later);

  // The rows of FROM, read again in every round.
  if ((*plan)->output.empty()) {
    auto project = std::make_unique<logical::Project>();
    project->expressions.push_back(expr::Constant(Value::Integer(1)));
    project->output.push_back({NextId(), Type::Integer(), "row"});
    project->children.push_back(std::move(*plan));
    *plan = std::move(project);
  }
  const std::vector<logical::OutputColumn> columns = (*plan)->output;
  const int base = next_cte_++, cycle = next_cte_++;
  const FromScope scope = block->from;
  const auto scan = [&](int cte, std::string name, const std::vector<ColumnId>& ids, Names* names) {
    auto node = std::make_unique<logical::CteScan>();
    node->cte = cte;
    node->name = std::move(name);
    node->source_columns = ids;
    for (const logical::OutputColumn& column : columns) {
      (*names)[column.id] = NextId();
      node->output.push_back({names->at(column.id), column.type, column.name});
    }
    return node;
  };
  std::vector<ColumnId> base_ids;
  for (const logical::OutputColumn& column : columns) base_ids.push_back(column.id);
  // One round's rows with their level, as the columns of the hierarchy.
  const auto round = [&](NodePtr rows, const Names& names, ExprPtr level,
                         std::vector<ColumnId>* ids) {
    auto project = std::make_unique<logical::Project>();
    for (const logical::OutputColumn& column : columns) {
      project->expressions.push_back(expr::Column(names.at(column.id), column.type, column.name));
      project->output.push_back({NextId(), column.type, column.name});
    }
    project->expressions.push_back(std::move(level));
    project->output.push_back({NextId(), Type::Integer(), "level"});
    for (const logical::OutputColumn& column : project->output) ids->push_back(column.id);
    project->children.push_back(std::move(rows));
    return project;
  };

  auto hierarchy = std::make_unique<logical::RecursiveCte>();
  hierarchy->cte = cycle;
  hierarchy->name = "connect by";
  Names result;
  std::vector<ColumnId> result_ids;
  for (const logical::OutputColumn& column : columns) {
    result[column.id] = NextId();
    result_ids.push_back(result[column.id]);
    hierarchy->output.push_back({result[column.id], column.type, column.name});
  }
  const ColumnId level = NextId();
  result_ids.push_back(level);
  hierarchy->output.push_back({level, Type::Integer(), "level"});

  // START WITH.
  {
    Names names;
    NodePtr rows = scan(base, "from", base_ids, &names);
    block->from = Renamed(scope, names);
    block->hierarchy.emplace();
    block->hierarchy->level = Level(expr::Constant(Value::Integer(1)));
    block->clause = "START WITH";
    if (select.start_with != nullptr) {
      Predicate start;
      VESTO_RETURN_IF_ERROR(BindPredicate(*select.start_with, &start));
      VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(start), &rows));
    }
    hierarchy->children.push_back(round(std::move(rows), names,
                                        expr::Constant(Value::Integer(1)),
                                        &hierarchy->seed_columns));
  }

  // CONNECT BY.
  {
    Names names, prior_names;
    auto join = std::make_unique<logical::Join>();
    join->children.push_back(scan(base, "from", base_ids, &names));
    auto prior = scan(cycle, hierarchy->name, result_ids, &prior_names);
    const ColumnId prior_level = NextId();
    prior->output.push_back({prior_level, Type::Integer(), "level"});
    join->children.push_back(std::move(prior));
    join->output = join->children[0]->output;
    for (const auto& column : join->children[1]->output) join->output.push_back(column);
    const auto next_level = [&] {
      return expr::Arithmetic(expr::Op::kAdd, expr::Column(prior_level, Type::Integer(), "level"),
                              expr::Constant(Value::Integer(1)));
    };
    block->from = Renamed(scope, names);
    block->hierarchy.emplace(
        Hierarchy{Level(next_level()), true, Renamed(scope, prior_names), Level(prior_level)});
    block->clause = "CONNECT BY";
    Predicate connect;
    VESTO_RETURN_IF_ERROR(BindPredicate(*select.connect_by, &connect));
    SplitCondition(std::move(connect.plain), join.get());
    connect.plain.clear();
    NodePtr rows = std::move(join);
    VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(connect), &rows));
    hierarchy->children.push_back(
        round(std::move(rows), names, next_level(), &hierarchy->step_columns));
  }

  block->from = Renamed(scope, result);
  block->hierarchy.emplace();
  block->hierarchy->level = Level(level);
  auto definition = std::make_unique<logical::CteDefinition>();
  definition->cte = base;
  definition->name = "from";
  definition->output = hierarchy->output;
  definition->children.push_back(std::move(*plan));
  definition->children.push_back(std::move(hierarchy));
  *plan = std::move(definition);
  return absl::OkStatus();
}

}  // namespace vesto::binder
