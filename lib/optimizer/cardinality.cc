#include "optimizer/cardinality.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "types/type_rules.h"

namespace vesto::optimizer {
namespace {

using expr::ExprKind;
using expr::Op;
using logical::Aggregate;
using logical::Join;
using logical::JoinType;

constexpr double kUnknownRows = 1000;
constexpr double kDefaultDistinct = 200;   // Redshift's guess for what was never analysed
constexpr double kLike = 0.05;             // of a word in a text; TPC-H has 0.01 to 0.2
constexpr double kComparison = 1.0 / 3;    // PostgreSQL's guess for an inequality
constexpr double kColumnComparison = 0.5;  // of two columns
constexpr double kOther = 0.3;

double PowerOfTen(int digits) { return std::pow(10.0, digits); }

// A constant on the scale of numbers, dates and times; nullopt for others.
std::optional<double> Number(const Expr& expr) {
  if (!expr.is_constant() || expr.constant.is_null()) return std::nullopt;
  const Type& type = expr.type;
  if (types::IsFloating(type)) return expr.constant.floating();
  if (type.id == TypeId::kDecimal) {
    return static_cast<double>(expr.constant.integer128()) / PowerOfTen(type.scale);
  }
  if (types::IsInteger(type) || types::IsDateTime(type) || type.id == TypeId::kBoolean) {
    return static_cast<double>(expr.constant.integer128());
  }
  return std::nullopt;
}

// The column under casts that keep the order of values, and the factor between their units.
const Expr* ColumnUnderCasts(const Expr& expr, double* factor) {
  const Expr* node = &expr;
  *factor = 1;
  while (node->kind == ExprKind::kCast) {
    const Type& from = node->args[0]->type;
    const Type& to = node->type;
    if (from.id == TypeId::kDate && (to.id == TypeId::kTimestamp || to.id == TypeId::kTimestampTz)) {
      *factor *= 86400e6;
    } else if (!(types::IsNumeric(from) && types::IsNumeric(to)) &&
               !(types::IsString(from) && types::IsString(to)) && !(from.id == to.id)) {
      return nullptr;
    }
    node = node->args[0].get();
  }
  return node->is_column() ? node : nullptr;
}

double Clamp(double share) { return std::clamp(share, 1e-9, 1.0); }

double StringWidth(const Type& type) { return std::min(type.length / 2.0 + 1, 64.0); }

double TypeWidth(const Type& type) {
  if (types::IsString(type) || type.id == TypeId::kVarbyte || type.id == TypeId::kSuper) {
    return StringWidth(type);
  }
  return types::PhysicalSize(types::DefaultPhysicalType(type));
}

}  // namespace

const ColumnBelief* Estimator::Find(ColumnId id) const {
  const auto it = columns_.find(id);
  return it == columns_.end() ? nullptr : &it->second;
}

double Estimator::Width(const OutputColumn& column) {
  const ColumnBelief* belief = Find(column.id);
  return belief != nullptr ? belief->width : TypeWidth(column.type);
}

double Estimator::Width(const std::vector<OutputColumn>& columns) {
  double width = 0;
  for (const OutputColumn& column : columns) width += Width(column);
  return width;
}

double Estimator::BaseDistinct(const Expr& expr) {
  double factor;
  if (const Expr* column = ColumnUnderCasts(expr, &factor)) {
    if (const ColumnBelief* belief = Find(column->column)) return belief->base_distinct;
  }
  return Distinct(expr, 1e18);
}

double Estimator::Distinct(const Expr& expr, double rows) {
  double result = 1;
  double factor;
  if (const Expr* column = ColumnUnderCasts(expr, &factor)) {
    const ColumnBelief* belief = Find(column->column);
    result = belief != nullptr ? belief->distinct : kDefaultDistinct;
  } else if (expr.is_constant()) {
    result = 1;
  } else if (expr.type.id == TypeId::kBoolean) {
    result = 2;
  } else {
    for (ColumnId id : ColumnsOf(expr)) {
      const ColumnBelief* belief = Find(id);
      result *= belief != nullptr ? belief->distinct : kDefaultDistinct;
    }
    // A function mostly has fewer values than its argument (a year of dates, a prefix of texts).
    if (expr.kind == ExprKind::kCall) result = std::min(result, 25.0);
    if (expr.kind == ExprKind::kCase) result = std::min(result, 100.0);
  }
  return std::max(1.0, std::min(result, rows));
}

// --- Selectivity ----------------------------------------------------------------------------------

namespace {

struct Range {
  double low = -1e300, high = 1e300;
};

}  // namespace

double Estimator::Selectivity(const std::vector<const Expr*>& conjuncts) {
  double share = 1;
  // Bounds of one column work together: a range from below and above is one interval.
  absl::flat_hash_map<ColumnId, Range> ranges;
  for (const Expr* conjunct : conjuncts) {
    if (conjunct->kind == ExprKind::kCompare && conjunct->op != Op::kEqual &&
        conjunct->op != Op::kNotEqual) {
      Op op = conjunct->op;
      const Expr* left = conjunct->args[0].get();
      const Expr* right = conjunct->args[1].get();
      if (left->is_constant()) {
        std::swap(left, right);
        op = expr::Commute(op);
      }
      double factor;
      const Expr* column = ColumnUnderCasts(*left, &factor);
      const std::optional<double> value = Number(*right);
      const ColumnBelief* belief = column == nullptr ? nullptr : Find(column->column);
      if (belief != nullptr && belief->has_bounds && value.has_value()) {
        Range& range = ranges[column->column];
        const double bound = *value / factor;
        if (op == Op::kLess || op == Op::kLessEqual) {
          range.high = std::min(range.high, bound);
        } else {
          range.low = std::max(range.low, bound);
        }
        continue;
      }
    }
    share *= Selectivity(*conjunct);
  }
  for (const auto& [id, range] : ranges) {
    const ColumnBelief& belief = columns_[id];
    const double low = std::max(range.low, belief.min), high = std::min(range.high, belief.max);
    const double step = (belief.max - belief.min) / std::max(belief.distinct, 1.0);
    const double whole = belief.max - belief.min + step;
    double part = high < low ? 0 : (high - low + step) / std::max(whole, 1e-12);
    part = std::clamp(part, 0.0, 1.0) * (1 - belief.null_fraction);
    share *= std::max(part, 1e-7);
  }
  return Clamp(share);
}

double Estimator::Selectivity(const Expr& condition) {
  switch (condition.kind) {
    case ExprKind::kConstant:
      return !condition.constant.is_null() && condition.constant.boolean() ? 1.0 : 1e-9;
    case ExprKind::kAnd: {
      std::vector<const Expr*> parts;
      for (const ExprPtr& arg : condition.args) parts.push_back(arg.get());
      return Selectivity(parts);
    }
    case ExprKind::kOr: {
      double none = 1;
      for (const ExprPtr& arg : condition.args) none *= 1 - Selectivity(*arg);
      return Clamp(1 - none);
    }
    case ExprKind::kNot: return Clamp(1 - Selectivity(*condition.args[0]));
    case ExprKind::kIsNull: {
      double factor;
      const Expr* column = ColumnUnderCasts(*condition.args[0], &factor);
      const ColumnBelief* belief = column == nullptr ? nullptr : Find(column->column);
      const double nulls = belief != nullptr ? belief->null_fraction : 0.05;
      return Clamp(condition.negated ? 1 - nulls : std::max(nulls, 1e-4));
    }
    case ExprKind::kInList: {
      const double distinct = Distinct(*condition.args[0], 1e18);
      const double share = Clamp(static_cast<double>(condition.args.size() - 1) / distinct);
      return condition.negated ? Clamp(1 - share) : share;
    }
    case ExprKind::kLike: return condition.negated ? 1 - kLike : kLike;
    case ExprKind::kColumn: return 0.5;
    case ExprKind::kCompare: {
      const Expr& left = *condition.args[0];
      const Expr& right = *condition.args[1];
      const bool left_constant = ColumnsOf(left).empty(), right_constant = ColumnsOf(right).empty();
      if (condition.op == Op::kEqual || condition.op == Op::kNotEqual) {
        double distinct = kDefaultDistinct;
        if (left_constant) {
          distinct = Distinct(right, 1e18);
        } else if (right_constant) {
          distinct = Distinct(left, 1e18);
        } else {
          distinct = std::max(Distinct(left, 1e18), Distinct(right, 1e18));
        }
        const double share = Clamp(1 / std::max(distinct, 1.0));
        return condition.op == Op::kEqual ? share : Clamp(1 - share);
      }
      if (!left_constant && !right_constant) return kColumnComparison;
      double factor;
      const Expr& varying = left_constant ? right : left;
      const Expr& fixed = left_constant ? left : right;
      const Expr* column = ColumnUnderCasts(varying, &factor);
      const ColumnBelief* belief = column == nullptr ? nullptr : Find(column->column);
      if (belief != nullptr && belief->has_bounds && Number(fixed).has_value()) {
        return Selectivity(std::vector<const Expr*>{&condition});
      }
      return kComparison;
    }
    case ExprKind::kIsTrue:
    case ExprKind::kParameter:
    case ExprKind::kCall:
    case ExprKind::kCast:
    case ExprKind::kArithmetic:
    case ExprKind::kNegate:
    case ExprKind::kCase:
    case ExprKind::kCoalesce: return kOther;
  }
  return kOther;
}

// Each value of the side with fewer values is assumed to be among the other's. Composite keys: the
// columns together are a key of the smaller relation, as in partsupp.
double Estimator::EqualitySelectivity(
    const std::vector<std::pair<const Expr*, const Expr*>>& equalities) {
  if (equalities.empty()) return 1;
  double largest = 1, product_left = 1, product_right = 1, smaller_base = 1e300;
  for (const auto& [l, r] : equalities) {
    const double left = BaseDistinct(*l), right = BaseDistinct(*r);
    largest = std::max({largest, left, right});
    product_left *= left;
    product_right *= right;
    for (const Expr* side : {l, r}) {
      double factor;
      const Expr* column = ColumnUnderCasts(*side, &factor);
      const ColumnBelief* belief = column == nullptr ? nullptr : Find(column->column);
      if (belief != nullptr) smaller_base = std::min(smaller_base, belief->base_rows);
    }
  }
  if (equalities.size() == 1) return 1 / largest;
  const double product = std::max(product_left, product_right);
  return 1 / std::max(largest, std::min(product, smaller_base));
}

double Estimator::MatchFraction(const std::pair<const Expr*, const Expr*>& equality) {
  const double right = Distinct(*equality.second, 1e18);
  const double left = BaseDistinct(*equality.first);
  return std::clamp(right / std::max(left, 1.0), 1e-6, 1.0);
}

// --- Rows -----------------------------------------------------------------------------------------

double Estimator::ScanRows(const logical::Scan& scan) {
  const std::shared_ptr<const TableStats> known = context_.statistics.Statistics(*scan.table);
  const TableStats& stats = *known;
  const double rows = std::max(1.0, stats.rows);
  for (size_t i = 0; i < scan.columns.size(); ++i) {
    const Type& type = scan.output[i].type;
    ColumnBelief belief;
    belief.base_rows = rows;
    belief.width = TypeWidth(type);
    belief.distinct = std::min(kDefaultDistinct, rows);
    const size_t at = static_cast<size_t>(scan.columns[i]);
    if (at < stats.columns.size()) {
      const ColumnStats& column = stats.columns[at];
      const double unit = type.id == TypeId::kDecimal ? PowerOfTen(type.scale) : 1;
      belief.has_bounds = column.has_bounds;
      belief.min = static_cast<double>(column.min) / unit;
      belief.max = static_cast<double>(column.max) / unit;
      belief.null_fraction = column.null_fraction;
      if (column.distinct >= 0) belief.distinct = std::max(1.0, std::min(column.distinct, rows));
      // Storage counts its dictionaries too, which outweigh the strings of a small table.
      if (types::IsString(type)) {
        belief.width = std::min<double>(column.average_width, type.length);
      }
    }
    if (scan.table->IsUniqueKey({scan.columns[i]})) belief.distinct = rows;
    belief.base_distinct = belief.distinct;
    columns_[scan.output[i].id] = belief;
  }
  std::vector<const Expr*> conjuncts;
  for (const ExprPtr& conjunct : scan.conjuncts) conjuncts.push_back(conjunct.get());
  const double result = std::max(1.0, rows * Selectivity(conjuncts));
  for (const Expr* conjunct : conjuncts) {
    if (conjunct->kind == ExprKind::kCompare && conjunct->op == Op::kEqual) {
      for (const ExprPtr& side : conjunct->args) {
        if (side->is_column()) columns_[side->column].distinct = 1;
      }
    } else if (conjunct->kind == ExprKind::kInList && conjunct->args[0]->is_column() &&
               !conjunct->negated) {
      ColumnBelief& belief = columns_[conjunct->args[0]->column];
      belief.distinct =
          std::min(belief.distinct, static_cast<double>(conjunct->args.size() - 1));
    }
  }
  Shrink(scan, rows, result);
  return result;
}

// Fewer rows have fewer values: the expected number of values that `after` of `before` rows hit.
void Estimator::Shrink(const Node& node, double before, double after) {
  if (after >= before) return;
  for (const OutputColumn& column : node.output) {
    const auto it = columns_.find(column.id);
    if (it == columns_.end()) continue;
    ColumnBelief& belief = it->second;
    const double values = std::min(belief.distinct, before);
    const double hit = values * (1 - std::exp(-after / std::max(values, 1.0)));
    // A key loses as many values as rows.
    belief.distinct = std::max(
        1.0, values > 0.9 * before ? std::min(values, after) : std::min(hit, after));
  }
}

double Estimator::JoinRows(const Join& join, double left, double right) {
  std::vector<std::pair<const Expr*, const Expr*>> equalities;
  for (const auto& [l, r] : join.equalities) equalities.emplace_back(l.get(), r.get());
  const double residual = join.residual == nullptr ? 1 : Selectivity(*join.residual);
  double inner = std::max(1.0, left * right * EqualitySelectivity(equalities) * residual);
  double fraction = 1;
  for (const auto& equality : equalities) fraction = std::min(fraction, MatchFraction(equality));
  if (join.residual != nullptr) fraction *= 0.7;
  switch (join.type) {
    case JoinType::kInner: return inner;
    case JoinType::kLeft: return std::max(left, inner);
    case JoinType::kRight: return std::max(right, inner);
    case JoinType::kFull: return std::max({left, right, inner});
    case JoinType::kSemi: return std::max(1.0, left * fraction);
    case JoinType::kAnti:
    case JoinType::kNullAwareAnti: return std::max(1.0, left * std::max(0.05, 1 - fraction));
    case JoinType::kMark:
    case JoinType::kSingle: return left;
  }
  return inner;
}

double Estimator::Groups(const std::vector<ExprPtr>& keys, double rows) {
  if (keys.empty()) return 1;
  std::vector<double> counts;
  for (const ExprPtr& key : keys) counts.push_back(Distinct(*key, rows));
  std::sort(counts.rbegin(), counts.rend());
  // Keys of one GROUP BY are mostly related: each further one counts less.
  double groups = 1, weight = 1;
  for (double count : counts) {
    groups *= std::pow(count, weight);
    weight = std::max(0.25, weight * 0.75);
  }
  return std::max(1.0, std::min(groups, rows));
}

void Estimator::DescribeExpression(const Expr& expr, double rows, ColumnBelief* belief) {
  double factor;
  const Expr* column = ColumnUnderCasts(expr, &factor);
  const ColumnBelief* source = column == nullptr ? nullptr : Find(column->column);
  if (source != nullptr) {
    *belief = *source;
    belief->min *= factor;
    belief->max *= factor;
    if (!expr.is_column()) belief->width = TypeWidth(expr.type);
    return;
  }
  *belief = {};
  belief->distinct = belief->base_distinct = Distinct(expr, rows);
  belief->base_rows = rows;
  belief->width = TypeWidth(expr.type);
}

double Estimator::Rows(const Node& node) {
  if (node.kind == NodeKind::kCteDefinition) {
    ctes_[node.As<logical::CteDefinition>().cte] = Rows(*node.children[0]);
    return Rows(*node.children[1]);
  }
  if (node.kind == NodeKind::kRecursiveCte) {
    const auto& recursive = node.As<logical::RecursiveCte>();
    const double seed = Rows(*node.children[0]);
    ctes_[recursive.cte] = seed;
    for (const OutputColumn& column : node.output) {
      ColumnBelief belief;
      belief.width = TypeWidth(column.type);
      belief.base_rows = seed;
      columns_[column.id] = belief;
    }
    Rows(*node.children[1]);
    return seed * 10;
  }
  std::vector<double> children;
  for (const NodePtr& child : node.children) children.push_back(Rows(*child));
  return RowsOver(node, children);
}

double Estimator::RowsOver(const Node& node, const std::vector<double>& children) {
  const double input = children.empty() ? 0 : children[0];
  switch (node.kind) {
    case NodeKind::kScan: return ScanRows(node.As<logical::Scan>());
    case NodeKind::kSourceScan:
      for (const OutputColumn& column : node.output) columns_[column.id] = {};
      return kUnknownRows;
    case NodeKind::kValues: {
      const double rows = static_cast<double>(node.As<logical::Values>().num_rows());
      for (const OutputColumn& column : node.output) {
        ColumnBelief belief;
        belief.distinct = belief.base_distinct = belief.base_rows = std::max(1.0, rows);
        belief.width = TypeWidth(column.type);
        columns_[column.id] = belief;
      }
      return std::max(1.0, rows);
    }
    case NodeKind::kFilter: {
      const double rows =
          std::max(1.0, input * Selectivity(*node.As<logical::Filter>().predicate));
      Shrink(node, input, rows);
      return rows;
    }
    case NodeKind::kProject: {
      const auto& project = node.As<logical::Project>();
      for (size_t i = 0; i < project.expressions.size(); ++i) {
        ColumnBelief belief;
        DescribeExpression(*project.expressions[i], input, &belief);
        columns_[project.output[i].id] = belief;
      }
      return input;
    }
    case NodeKind::kAggregate: {
      const auto& aggregate = node.As<Aggregate>();
      double groups = Groups(aggregate.keys, input);
      if (!aggregate.grouping_sets.empty()) {
        groups = std::min(input * static_cast<double>(aggregate.grouping_sets.size()), groups * 1.5);
      }
      for (size_t i = 0; i < aggregate.keys.size(); ++i) {
        ColumnBelief belief;
        DescribeExpression(*aggregate.keys[i], input, &belief);
        belief.distinct = std::min(belief.distinct, groups);
        belief.base_rows = groups;
        columns_[aggregate.key_ids[i]] = belief;
      }
      for (const logical::AggregateItem& item : aggregate.items) {
        ColumnBelief belief;
        belief.distinct = belief.base_distinct = groups;
        belief.base_rows = groups;
        belief.width = TypeWidth(item.type);
        columns_[item.id] = belief;
      }
      return groups;
    }
    case NodeKind::kJoin: {
      const auto& join = node.As<Join>();
      const double rows = JoinRows(join, children[0], children[1]);
      if (join.type == JoinType::kMark) {
        ColumnBelief belief;
        belief.distinct = belief.base_distinct = 2;
        belief.width = 1;
        columns_[join.mark_id] = belief;
      }
      if (join.type == JoinType::kInner || join.type == JoinType::kSemi ||
          join.type == JoinType::kAnti || join.type == JoinType::kNullAwareAnti) {
        Shrink(*node.children[0], children[0], rows);
        if (join.type == JoinType::kInner) Shrink(*node.children[1], children[1], rows);
      }
      return rows;
    }
    case NodeKind::kDependentJoin: return input;
    case NodeKind::kSort: return input;
    case NodeKind::kLimit: {
      const auto& limit = node.As<logical::Limit>();
      if (limit.limit == nullptr || !limit.limit->is_constant() ||
          limit.limit->constant.is_null()) {
        return input;
      }
      const double rows =
          std::max(1.0, std::min(input, static_cast<double>(limit.limit->constant.integer())));
      Shrink(node, input, rows);
      return rows;
    }
    case NodeKind::kWindow:
      for (const logical::WindowItem& item : node.As<logical::Window>().items) {
        ColumnBelief belief;
        belief.distinct = belief.base_distinct = belief.base_rows = input;
        belief.width = TypeWidth(item.type);
        columns_[item.id] = belief;
      }
      return input;
    case NodeKind::kDistinct: {
      std::vector<ExprPtr> keys;
      for (const OutputColumn& column : node.output) keys.push_back(ColumnOf(column));
      const double rows = Groups(keys, input);
      Shrink(node, input, rows);
      return rows;
    }
    case NodeKind::kSetOperation: {
      const auto& set = node.As<logical::SetOperation>();
      double rows = 0;
      for (double child : children) rows += child;
      if (set.operation == logical::SetOperationKind::kIntersect) rows = input / 2;
      if (set.operation == logical::SetOperationKind::kExcept) rows = input / 2;
      rows = std::max(1.0, rows);
      for (size_t j = 0; j < set.output.size(); ++j) {
        ColumnBelief belief;
        if (const ColumnBelief* first = Find(set.columns[0][j])) belief = *first;
        for (size_t i = 1; i < set.columns.size(); ++i) {
          const ColumnBelief* other = Find(set.columns[i][j]);
          if (other == nullptr) continue;
          belief.distinct = std::max(belief.distinct, other->distinct);
          belief.width = std::max(belief.width, other->width);
          belief.has_bounds = belief.has_bounds && other->has_bounds;
          belief.min = std::min(belief.min, other->min);
          belief.max = std::max(belief.max, other->max);
        }
        belief.base_distinct = belief.distinct;
        belief.base_rows = rows;
        columns_[set.output[j].id] = belief;
      }
      return rows;
    }
    case NodeKind::kCteScan: {
      const auto& scan = node.As<logical::CteScan>();
      const auto it = ctes_.find(scan.cte);
      const double rows = it == ctes_.end() ? kUnknownRows : it->second;
      for (size_t j = 0; j < scan.output.size(); ++j) {
        ColumnBelief belief;
        if (const ColumnBelief* source = Find(scan.source_columns[j])) {
          belief = *source;
          belief.base_distinct = belief.distinct;
          belief.base_rows = rows;
        } else {
          belief.width = TypeWidth(scan.output[j].type);
        }
        columns_[scan.output[j].id] = belief;
      }
      return rows;
    }
    case NodeKind::kCteDefinition: return children[1];
    case NodeKind::kRecursiveCte: return input * 10;
    case NodeKind::kInsert:
    case NodeKind::kDelete:
    case NodeKind::kUpdate:
    case NodeKind::kMerge:
    case NodeKind::kUnload: return input;
    case NodeKind::kCopy: return kUnknownRows;
  }
  return input;
}

}  // namespace vesto::optimizer
