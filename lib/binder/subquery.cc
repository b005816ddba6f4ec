#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "types/type_rules.h"

// Subqueries become dependent joins: semi and anti joins where a condition is exactly IN or EXISTS,
// mark joins where it is part of a larger expression, single joins for scalar subqueries.
namespace vesto::binder {

using expr::Op;
using logical::DependentJoin;
using logical::JoinType;
using sql::ExpressionKind;

absl::StatusOr<Binder::Subquery> Binder::BindSubquery(const sql::Query& query) {
  // The boundary collects the columns of this block that the subquery uses, at any depth.
  Block boundary;
  boundary.parent = block_;
  VESTO_ASSIGN_OR_RETURN(BoundQuery bound, BindQuery(query, &boundary));
  return Subquery{std::move(bound), std::move(boundary.correlated)};
}

absl::StatusOr<ExprPtr> Binder::BindScalarQuery(const sql::Expression& ast) {
  VESTO_ASSIGN_OR_RETURN(Subquery subquery, BindSubquery(*ast.query));
  if (subquery.query.columns.size() != 1) {
    return SqlError(SqlState::kSyntaxError, "subquery must return only one column").At(ast.offset);
  }
  const QueryColumn column = subquery.query.columns[0];
  auto join = std::make_unique<DependentJoin>();
  join->type = JoinType::kSingle;
  join->correlated = std::move(subquery.correlated);
  join->children.resize(2);
  join->children[1] = std::move(subquery.query.plan);
  block_->pending->push_back(std::move(join));
  ExprPtr reference = expr::Column(column.id, column.type, column.name);
  reference->offset = ast.offset;
  return reference;
}

// left IN (query): a join with its equalities, without type yet.
absl::StatusOr<std::unique_ptr<DependentJoin>> Binder::MakeMembership(const sql::Expression& left,
                                                                      const sql::Query& query,
                                                                      int offset) {
  std::vector<ExprPtr> values;
  if (left.kind == ExpressionKind::kRow) {
    for (const sql::ExpressionPtr& part : left.args) {
      VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(*part));
      values.push_back(Fold(std::move(bound)));
    }
  } else {
    VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(left));
    values.push_back(Fold(std::move(bound)));
  }
  VESTO_ASSIGN_OR_RETURN(Subquery subquery, BindSubquery(query));
  if (subquery.query.columns.size() != values.size()) {
    return SqlError(SqlState::kSyntaxError,
                    subquery.query.columns.size() > values.size() ? "subquery has too many columns"
                                                                  : "subquery has too few columns")
        .At(offset);
  }
  auto join = std::make_unique<DependentJoin>();
  std::vector<Type> right_types;
  for (size_t i = 0; i < values.size(); ++i) {
    const QueryColumn& column = subquery.query.columns[i];
    ExprPtr right = expr::Column(column.id, column.type, column.name);
    VESTO_RETURN_IF_ERROR(UnifyForComparison("=", &values[i], &right, offset));
    right_types.push_back(right->type);
  }
  // A conversion of the right side happens inside the subquery: the probe stays a bare column.
  VESTO_RETURN_IF_ERROR(CoerceOutputs(&subquery.query, right_types, Coercion::kExplicit));
  for (size_t i = 0; i < values.size(); ++i) {
    const QueryColumn& column = subquery.query.columns[i];
    join->equalities.emplace_back(std::move(values[i]),
                                  expr::Column(column.id, column.type, column.name));
  }
  join->num_compared = static_cast<int>(values.size());
  join->correlated = std::move(subquery.correlated);
  join->children.resize(2);
  join->children[1] = std::move(subquery.query.plan);
  return join;
}

namespace {

// EXISTS asks for rows, not for what they hold.
NodePtr WithoutSelectList(NodePtr plan) {
  if (plan->kind != logical::NodeKind::kProject || plan->children[0]->output.empty()) return plan;
  NodePtr child = std::move(plan->children[0]);
  plan->children.clear();
  return child;
}

// = ANY is IN and <> ALL is NOT IN.
bool IsMembership(const sql::Expression& ast) {
  return ComparisonOp(ast.op) == (ast.quantifier == "all" ? Op::kNotEqual : Op::kEqual);
}

}  // namespace

absl::StatusOr<ExprPtr> Binder::BindMark(const sql::Expression& ast, bool negated) {
  std::unique_ptr<DependentJoin> join;
  if (ast.kind == ExpressionKind::kExists) {
    VESTO_ASSIGN_OR_RETURN(Subquery subquery, BindSubquery(*ast.query));
    join = std::make_unique<DependentJoin>();
    join->correlated = std::move(subquery.correlated);
    join->children.resize(2);
    join->children[1] = WithoutSelectList(std::move(subquery.query.plan));
  } else {
    if (ast.kind == ExpressionKind::kQuantified) {
      if (!IsMembership(ast)) return BindQuantified(ast);
      if (ast.quantifier == "all") negated = !negated;
    }
    VESTO_ASSIGN_OR_RETURN(join, MakeMembership(*ast.args[0], *ast.query, ast.offset));
  }
  join->type = JoinType::kMark;
  join->mark_id = NextId();
  ExprPtr mark = expr::Column(join->mark_id, Type::Boolean(), "mark");
  mark->offset = ast.offset;
  block_->pending->push_back(std::move(join));
  return negated ? expr::Not(std::move(mark)) : std::move(mark);
}

// x < ANY (query), x >= ALL (query): one row of extremes and counts says it all. With no rows ANY is
// FALSE and ALL is TRUE; a NULL among the rows makes NULL of what the others do not decide.
// Redshift refuses these forms; PostgreSQL's meaning.
absl::StatusOr<ExprPtr> Binder::BindQuantified(const sql::Expression& ast) {
  const Op op = ComparisonOp(ast.op);
  const bool all = ast.quantifier == "all";
  if (op == Op::kNone || ast.args[0]->kind == ExpressionKind::kRow) {
    return NotSupported(absl::StrCat("the operator ", ast.op, all ? " ALL" : " ANY",
                                     " with a subquery"),
                        ast.offset);
  }
  VESTO_ASSIGN_OR_RETURN(ExprPtr value, Bind(*ast.args[0]));
  value = ResolveUnknown(Fold(std::move(value)));
  VESTO_ASSIGN_OR_RETURN(Subquery subquery, BindSubquery(*ast.query));
  if (subquery.query.columns.size() != 1) {
    return SqlError(SqlState::kSyntaxError, "subquery has too many columns").At(ast.offset);
  }
  const QueryColumn column = subquery.query.columns[0];
  auto aggregate = std::make_unique<logical::Aggregate>();
  auto add = [&](const char* name, bool star) -> absl::StatusOr<ExprPtr> {
    logical::AggregateItem item;
    item.function = context_.functions.FindAggregate(name);
    if (item.function == nullptr) return FunctionMissing(name, {}, ast.offset, false);
    if (!star) item.args.push_back(expr::Column(column.id, column.type, column.name));
    auto index = ConvertAggregateArguments(*item.function, name, &item.args, ast.offset, &item.type);
    if (!index.ok()) return index.status();
    item.overload = *index;
    item.id = NextId();
    item.name = name;
    ExprPtr reference = expr::Column(item.id, item.type, name);
    aggregate->output.push_back({item.id, item.type, name});
    aggregate->items.push_back(std::move(item));
    return reference;
  };
  VESTO_ASSIGN_OR_RETURN(ExprPtr rows, add("count", true));
  VESTO_ASSIGN_OR_RETURN(ExprPtr known, add("count", false));
  const bool both = op == Op::kEqual || op == Op::kNotEqual;
  const bool greater = op == Op::kGreater || op == Op::kGreaterEqual;
  std::vector<ExprPtr> parts;
  if (both || greater != all) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr low, add("min", false));
    VESTO_ASSIGN_OR_RETURN(ExprPtr part,
                           Compare(op, value->Clone(), std::move(low), ast.offset));
    parts.push_back(std::move(part));
  }
  if (both || greater == all) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr high, add("max", false));
    VESTO_ASSIGN_OR_RETURN(ExprPtr part,
                           Compare(op, value->Clone(), std::move(high), ast.offset));
    parts.push_back(std::move(part));
  }
  aggregate->children.push_back(std::move(subquery.query.plan));
  auto join = std::make_unique<DependentJoin>();
  join->type = JoinType::kSingle;
  join->correlated = std::move(subquery.correlated);
  join->children.resize(2);
  join->children[1] = std::move(aggregate);
  block_->pending->push_back(std::move(join));

  ExprPtr decided = all ? expr::And(std::move(parts)) : expr::Or(std::move(parts));
  auto node = std::make_unique<expr::Expr>();
  node->kind = expr::ExprKind::kCase;
  node->type = Type::Boolean();
  node->physical = types::PhysicalType::kBool;
  node->args.push_back(expr::Compare(Op::kEqual, rows->Clone(), expr::Constant(Value::Bigint(0))));
  node->args.push_back(expr::Constant(Value::Boolean(all)));
  node->args.push_back(all ? expr::Not(decided->Clone()) : decided->Clone());
  node->args.push_back(expr::Constant(Value::Boolean(!all)));
  node->args.push_back(expr::Compare(Op::kLess, std::move(known), std::move(rows)));
  node->args.push_back(expr::Constant(Value::Null(Type::Boolean())));
  node->args.push_back(std::move(decided));
  return node;
}

absl::StatusOr<bool> Binder::BindSubqueryConjunct(const sql::Expression& ast,
                                                  PendingJoins* joins) {
  if (block_->of_outer_join) return false;
  const sql::Expression* condition = &ast;
  bool negated = false;
  while (condition->kind == ExpressionKind::kUnary && condition->op == "not") {
    condition = condition->args[0].get();
    negated = !negated;
  }
  std::unique_ptr<DependentJoin> join;
  if (condition->kind == ExpressionKind::kExists) {
    VESTO_ASSIGN_OR_RETURN(Subquery subquery, BindSubquery(*condition->query));
    join = std::make_unique<DependentJoin>();
    join->correlated = std::move(subquery.correlated);
    join->children.resize(2);
    join->children[1] = WithoutSelectList(std::move(subquery.query.plan));
    join->type = negated ? JoinType::kAnti : JoinType::kSemi;
    joins->push_back(std::move(join));
    return true;
  }
  if (condition->kind == ExpressionKind::kQuantified) {
    if (!IsMembership(*condition)) return false;
    negated = negated != (condition->quantifier == "all");
  } else if (condition->kind == ExpressionKind::kInQuery) {
    negated = negated != condition->negated;
  } else {
    return false;
  }
  VESTO_ASSIGN_OR_RETURN(join, MakeMembership(*condition->args[0], *condition->query,
                                              condition->offset));
  join->type = negated ? JoinType::kNullAwareAnti : JoinType::kSemi;
  joins->push_back(std::move(join));
  return true;
}

const SubqueryKey* Binder::FindSubqueryKey(const sql::Expression& ast) const {
  for (const SubqueryKey& key : block_->subquery_keys) {
    if (key.kind == ast.kind && key.sql == sql::ToSql(ast)) return &key;
  }
  return nullptr;
}

}  // namespace vesto::binder
