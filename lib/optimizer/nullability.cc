#include "optimizer/nullability.h"

#include <algorithm>

namespace vesto::optimizer {

using expr::ExprKind;
using logical::JoinType;

bool MayBeNull(const Expr& expr, const ColumnSet& not_null) {
  const auto any = [&] {
    return std::any_of(expr.args.begin(), expr.args.end(),
                       [&](const ExprPtr& arg) { return MayBeNull(*arg, not_null); });
  };
  switch (expr.kind) {
    case ExprKind::kConstant: return expr.constant.is_null();
    case ExprKind::kColumn: return !not_null.contains(expr.column);
    case ExprKind::kArithmetic:
    case ExprKind::kNegate:
    case ExprKind::kCompare:
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kNot:
    case ExprKind::kLike:
    case ExprKind::kInList: return any();
    case ExprKind::kCast:
      // Among numbers and dates a cast keeps what is there.
      return !(expr.type.id != TypeId::kSuper && expr.args[0]->type.id != TypeId::kSuper) || any();
    case ExprKind::kIsNull:
    case ExprKind::kIsTrue: return false;
    case ExprKind::kCase:
      for (size_t i = 1; i < expr.args.size(); i += 2) {
        if (MayBeNull(*expr.args[i], not_null)) return true;
      }
      return MayBeNull(*expr.args.back(), not_null);
    case ExprKind::kCoalesce:
      return std::all_of(expr.args.begin(), expr.args.end(),
                         [&](const ExprPtr& arg) { return MayBeNull(*arg, not_null); });
    case ExprKind::kParameter:
    case ExprKind::kCall: return true;
  }
  return true;
}

namespace {

void AddAll(const ColumnSet& from, ColumnSet* to) { to->insert(from.begin(), from.end()); }

// Columns that a condition that holds proves to be not NULL.
void AddProven(const Expr& condition, ColumnSet* columns) {
  if (condition.kind == ExprKind::kAnd) {
    for (const ExprPtr& arg : condition.args) AddProven(*arg, columns);
    return;
  }
  for (ColumnId id : ColumnsOf(condition)) {
    if (!columns->contains(id) && RejectsNull(condition, {id})) columns->insert(id);
  }
}

}  // namespace

ColumnSet NotNullColumns(const Node& node) {
  ColumnSet result;
  switch (node.kind) {
    case NodeKind::kScan: {
      const auto& scan = node.As<logical::Scan>();
      for (size_t i = 0; i < scan.columns.size(); ++i) {
        if (scan.table->columns[scan.columns[i]].not_null) result.insert(scan.output[i].id);
      }
      for (const ExprPtr& conjunct : scan.conjuncts) AddProven(*conjunct, &result);
      return result;
    }
    case NodeKind::kFilter:
      result = NotNullColumns(*node.children[0]);
      AddProven(*node.As<logical::Filter>().predicate, &result);
      return result;
    case NodeKind::kProject: {
      const ColumnSet below = NotNullColumns(*node.children[0]);
      const auto& project = node.As<logical::Project>();
      for (size_t i = 0; i < project.expressions.size(); ++i) {
        if (!MayBeNull(*project.expressions[i], below)) result.insert(project.output[i].id);
      }
      return result;
    }
    case NodeKind::kAggregate: {
      const auto& aggregate = node.As<logical::Aggregate>();
      if (!aggregate.grouping_sets.empty()) return result;
      const ColumnSet below = NotNullColumns(*node.children[0]);
      for (size_t i = 0; i < aggregate.keys.size(); ++i) {
        if (!MayBeNull(*aggregate.keys[i], below)) result.insert(aggregate.key_ids[i]);
      }
      for (const logical::AggregateItem& item : aggregate.items) {
        if (item.function->name == "count") result.insert(item.id);
      }
      return result;
    }
    case NodeKind::kJoin: {
      const auto& join = node.As<logical::Join>();
      const bool pads_left = join.type == JoinType::kRight || join.type == JoinType::kFull;
      const bool pads_right = join.type == JoinType::kLeft || join.type == JoinType::kFull ||
                              join.type == JoinType::kSingle;
      if (!pads_left) AddAll(NotNullColumns(*node.children[0]), &result);
      if (!pads_right && KeepsRightColumns(join.type)) {
        AddAll(NotNullColumns(*node.children[1]), &result);
      }
      if (join.type == JoinType::kInner || join.type == JoinType::kSemi) {
        for (const auto& [l, r] : join.equalities) {
          if (l->is_column()) result.insert(l->column);
          if (r->is_column() && join.type == JoinType::kInner) result.insert(r->column);
        }
      }
      return result;
    }
    case NodeKind::kSort:
    case NodeKind::kLimit:
    case NodeKind::kDistinct:
    case NodeKind::kWindow: return NotNullColumns(*node.children[0]);
    case NodeKind::kCteDefinition: return NotNullColumns(*node.children[1]);
    default: return result;
  }
}

}  // namespace vesto::optimizer
