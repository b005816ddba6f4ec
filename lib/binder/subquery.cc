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

// = ANY is IN and <> ALL is NOT IN; Redshift has no other quantified comparison.
absl::Status CheckQuantified(const sql::Expression& ast) {
  const bool any = ast.quantifier != "all";
  const Op op = ComparisonOp(ast.op);
  if ((any && op == Op::kEqual) || (!any && op == Op::kNotEqual)) return absl::OkStatus();
  return NotSupported(absl::StrCat("the operator ", ast.op, any ? " ANY" : " ALL",
                                   " with a subquery"),
                      ast.offset);
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
      VESTO_RETURN_IF_ERROR(CheckQuantified(ast));
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

absl::StatusOr<bool> Binder::BindSubqueryConjunct(const sql::Expression& ast,
                                                  PendingJoins* joins) {
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
    VESTO_RETURN_IF_ERROR(CheckQuantified(*condition));
    negated = negated != (condition->quantifier == "all");
  } else if (condition->kind == ExpressionKind::kInQuery) {
    negated = negated != condition->negated;
  } else {
    return false;
  }
  // NULLs in several columns need the three values of a mark.
  if (negated && condition->args[0]->kind == ExpressionKind::kRow) return false;
  VESTO_ASSIGN_OR_RETURN(join, MakeMembership(*condition->args[0], *condition->query,
                                              condition->offset));
  join->type = negated ? JoinType::kNullAwareAnti : JoinType::kSemi;
  joins->push_back(std::move(join));
  return true;
}

}  // namespace vesto::binder
