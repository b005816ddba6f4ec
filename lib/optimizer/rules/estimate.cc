#include "optimizer/rules/estimate.h"

#include <algorithm>
#include <cmath>

#include "logical/placement.h"
#include "optimizer/cardinality.h"
#include "optimizer/plan_edit.h"
#include "types/type_rules.h"

namespace vesto::optimizer {
namespace {

using expr::ExprKind;
using logical::Distribution;
using logical::Estimate;
using logical::Join;
using logical::JoinType;
using logical::Movement;
using logical::PlacingColumn;
using logical::SameHashFamily;

constexpr double kRow = 0.01;           // cpu_tuple_cost
constexpr double kOperator = 0.0025;    // cpu_operator_cost
constexpr double kSortStartup = 1e12;
constexpr double kTransfer = 10000;
// Inner sides above this are not built once for all slices: no cache holds the table, and each slice
// looks only at its own part. Then the side that does not lie by the key is sent to it.
constexpr double kLargeInner = 2e6;
// A row that is sent costs about what it saves by looking into a table of 1/slices of the size: the outer
// side is sent only where it is not much larger than the inner one.
constexpr double kOuterPerInner = 2;

// Operators that a filter evaluates for each row; IS NULL is free.
double Operators(const Expr& condition) {
  double count = 0;
  expr::Visit(condition, [&count](const Expr& node) {
    switch (node.kind) {
      case ExprKind::kCompare:
      case ExprKind::kLike:
      case ExprKind::kCall:
      case ExprKind::kArithmetic: ++count; break;
      case ExprKind::kInList: count += static_cast<double>(node.args.size() - 1); break;
      default: break;
    }
  });
  return count;
}

// References of a condition to the aggregates below it.
double AggregatesIn(const Expr& condition, const logical::Aggregate& aggregate) {
  double count = 0;
  expr::Visit(condition, [&](const Expr& node) {
    if (!node.is_column()) return;
    for (const logical::AggregateItem& item : aggregate.items) count += item.id == node.column;
  });
  return count;
}

double Aligned(double width) { return std::ceil(width / 4) * 4; }

bool Contains(const std::vector<ColumnId>& ids, ColumnId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

class Annotator {
 public:
  explicit Annotator(OptimizeContext& context) : context_(context), estimator_(context) {}

  void Visit(Node& node) {
    if (node.kind == NodeKind::kCteDefinition) {
      auto& definition = node.As<logical::CteDefinition>();
      Visit(*node.children[0]);
      ctes_[definition.cte] = node.children[0].get();
      estimator_.SetCte(definition.cte, node.children[0]->estimate.rows);
      Visit(*node.children[1]);
      node.estimate = node.children[1]->estimate;
      node.distribution = node.children[1]->distribution;
      return;
    }
    if (node.kind == NodeKind::kRecursiveCte) {
      auto& recursive = node.As<logical::RecursiveCte>();
      Visit(*node.children[0]);
      const Estimate seed = node.children[0]->estimate;
      estimator_.SetCte(recursive.cte, seed.rows);
      Visit(*node.children[1]);
      node.estimate = seed;
      node.estimate.rows = seed.rows * 10;
      node.estimate.total_cost =
          seed.total_cost + 10 * node.children[1]->estimate.total_cost;
      node.distribution = {Distribution::Kind::kLeader, {}};
      return;
    }
    std::vector<double> rows;
    for (const NodePtr& child : node.children) {
      Visit(*child);
      rows.push_back(child->estimate.rows);
    }
    node.estimate.rows = estimator_.RowsOver(node, rows);
    node.estimate.width = estimator_.Width(node.output);
    Place(node);
    Cost(node);
  }

 private:
  // --- Places -------------------------------------------------------------------------------------

  void Place(Node& node) {
    node.distribution = {};
    const Distribution* below =
        node.children.empty() ? nullptr : &node.children[0]->distribution;
    switch (node.kind) {
      case NodeKind::kScan: {
        const auto& scan = node.As<logical::Scan>();
        const types::TableDesign& design = scan.table->design;
        if (design.dist_style == types::DistStyle::kAll) {
          node.distribution.kind = Distribution::Kind::kReplicated;
        } else if (design.dist_style == types::DistStyle::kKey) {
          for (size_t i = 0; i < scan.columns.size(); ++i) {
            if (scan.columns[i] == design.dist_key) {
              node.distribution = {Distribution::Kind::kHashed, {scan.output[i].id}};
            }
          }
        }
        break;
      }
      case NodeKind::kSourceScan:
      case NodeKind::kValues: node.distribution.kind = Distribution::Kind::kLeader; break;
      case NodeKind::kFilter:
      case NodeKind::kSort: node.distribution = *below; break;
      case NodeKind::kLimit: node.distribution.kind = Distribution::Kind::kLeader; break;
      case NodeKind::kProject: {
        node.distribution = *below;
        if (below->kind != Distribution::Kind::kHashed) break;
        const auto& project = node.As<logical::Project>();
        std::vector<ColumnId> kept;
        for (size_t i = 0; i < project.expressions.size(); ++i) {
          const Expr& expression = *project.expressions[i];
          if (expression.is_column() && Contains(below->columns, expression.column)) {
            kept.push_back(project.output[i].id);
          }
        }
        node.distribution = kept.empty() ? Distribution{}
                                         : Distribution{Distribution::Kind::kHashed, kept};
        break;
      }
      case NodeKind::kAggregate: {
        const auto& aggregate = node.As<logical::Aggregate>();
        if (below->kind == Distribution::Kind::kLeader ||
            aggregate.keys.empty()) {
          node.distribution.kind = Distribution::Kind::kLeader;
          break;
        }
        if (!aggregate.grouping_sets.empty()) break;
        for (size_t i = 0; i < aggregate.keys.size(); ++i) {
          if (below->kind == Distribution::Kind::kHashed && aggregate.keys[i]->is_column() &&
              Contains(below->columns, aggregate.keys[i]->column)) {
            node.distribution = {Distribution::Kind::kHashed, {aggregate.key_ids[i]}};
            return;
          }
        }
        if (aggregate.keys.size() == 1) {
          node.distribution = {Distribution::Kind::kHashed, {aggregate.key_ids[0]}};
        }
        break;
      }
      case NodeKind::kJoin: PlaceJoin(node.As<Join>()); break;
      case NodeKind::kWindow:
        if (below->kind != Distribution::Kind::kReplicated) node.distribution = *below;
        break;
      case NodeKind::kDistinct:
        if (below->kind != Distribution::Kind::kReplicated) node.distribution = *below;
        break;
      case NodeKind::kCteScan: {
        const auto& scan = node.As<logical::CteScan>();
        const auto it = ctes_.find(scan.cte);
        if (it == ctes_.end()) {
          node.distribution.kind = Distribution::Kind::kLeader;
          break;
        }
        const Distribution& source = it->second->distribution;
        if (source.kind == Distribution::Kind::kLeader) node.distribution.kind = source.kind;
        if (source.kind != Distribution::Kind::kHashed) break;
        for (size_t i = 0; i < scan.output.size(); ++i) {
          if (!Contains(source.columns, scan.source_columns[i])) continue;
          node.distribution.kind = Distribution::Kind::kHashed;
          node.distribution.columns.push_back(scan.output[i].id);
        }
        break;
      }
      default: break;
    }
  }

  void PlaceJoin(Join& join) {
    const Node& left = *join.children[0];
    const Node& right = *join.children[1];
    join.movement = Choose(join, left, right);
    join.distribution = left.distribution;
    if (join.movement == Movement::kOuter || join.movement == Movement::kBoth) {
      join.distribution = {};
      for (const auto& [l, r] : join.equalities) {
        const bool sent_by = join.movement == Movement::kBoth ||
                             Contains(right.distribution.columns, PlacingColumn(*r));
        if (!sent_by) continue;
        if (const ColumnId column = PlacingColumn(*l); column >= 0) {
          join.distribution = {Distribution::Kind::kHashed, {column}};
        }
        break;
      }
    }
    if (join.type == JoinType::kRight || join.type == JoinType::kFull) join.distribution = {};
    if (left.distribution.kind == Distribution::Kind::kReplicated &&
        right.distribution.kind != Distribution::Kind::kReplicated) {
      join.distribution = {};
    }
    if (join.type == JoinType::kInner &&
        join.distribution.kind == Distribution::Kind::kHashed) {
      for (const auto& [l, r] : join.equalities) {
        if (PlacingColumn(*r) >= 0 &&
            Contains(join.distribution.columns, PlacingColumn(*l)) &&
            SameHashFamily(l->type, r->type)) {
          join.distribution.columns.push_back(PlacingColumn(*r));
        }
      }
    }
  }

  static Movement Choose(const Join& join, const Node& left, const Node& right) {
    using Kind = Distribution::Kind;
    const Distribution& outer = left.distribution;
    const Distribution& inner = right.distribution;
    if (inner.kind == Kind::kReplicated) return Movement::kAllNone;
    if (outer.kind == Kind::kLeader && inner.kind == Kind::kLeader) return Movement::kNone;
    bool outer_by_key = false, inner_by_key = false;
    for (const auto& [l, r] : join.equalities) {
      const bool left_key = outer.kind == Kind::kHashed &&
                            Contains(outer.columns, PlacingColumn(*l)) &&
                            SameHashFamily(l->type, r->type);
      const bool right_key =
          inner.kind == Kind::kHashed && Contains(inner.columns, PlacingColumn(*r)) &&
          SameHashFamily(l->type, r->type);
      if (left_key && right_key) return Movement::kNone;
      outer_by_key = outer_by_key || left_key;
      inner_by_key = inner_by_key || right_key;
    }
    // These ask whether any slice saw a NULL: one table for all.
    const bool one_table = join.type == JoinType::kNullAwareAnti || join.type == JoinType::kMark;
    const bool spread = outer.kind == Kind::kAny || outer.kind == Kind::kHashed;
    if (right.estimate.rows > kLargeInner && !one_table && spread && !join.equalities.empty()) {
      if (outer_by_key) return Movement::kInner;
      const bool outer_may_move = left.estimate.rows <= kOuterPerInner * right.estimate.rows;
      if (inner_by_key && outer_may_move) return Movement::kOuter;
      const auto& [l, r] = join.equalities[0];
      if (!inner_by_key && outer_may_move && left.estimate.rows > kLargeInner &&
          inner.kind != Kind::kLeader && SameHashFamily(l->type, r->type)) {
        return Movement::kBoth;
      }
    }
    if (outer.kind == Kind::kReplicated && inner.kind != Kind::kLeader &&
        !join.equalities.empty()) {
      return Movement::kAllInner;
    }
    return Movement::kBroadcast;
  }

  // --- Costs --------------------------------------------------------------------------------------

  void Cost(Node& node) {
    Estimate& cost = node.estimate;
    const Estimate input = node.children.empty() ? Estimate{} : node.children[0]->estimate;
    cost.startup_cost = input.startup_cost;
    cost.total_cost = input.total_cost;
    switch (node.kind) {
      case NodeKind::kScan: {
        const auto& scan = node.As<logical::Scan>();
        const double rows = std::max(1.0, context_.statistics.Statistics(*scan.table)->rows);
        double operators = 0;
        for (const ExprPtr& conjunct : scan.conjuncts) operators += Operators(*conjunct);
        cost.startup_cost = 0;
        cost.total_cost = rows * (kRow + kOperator * operators);
        break;
      }
      case NodeKind::kSourceScan:
        cost.startup_cost = 0;
        cost.total_cost = cost.rows * kRow;
        break;
      case NodeKind::kValues:
        cost.startup_cost = 0;
        cost.total_cost = cost.rows * kRow;
        if (node.output.empty()) cost.width = 0;
        break;
      case NodeKind::kFilter:
        cost.total_cost +=
            input.rows * kOperator * Operators(*node.As<logical::Filter>().predicate);
        // HAVING: its aggregates are counted once more.
        if (node.children[0]->kind == NodeKind::kAggregate) {
          const auto& aggregate = node.children[0]->As<logical::Aggregate>();
          const double again = aggregate.children[0]->estimate.rows * kOperator *
                               AggregatesIn(*node.As<logical::Filter>().predicate, aggregate);
          cost.startup_cost += again;
          cost.total_cost += again;
        }
        break;
      case NodeKind::kAggregate: {
        const auto& aggregate = node.As<logical::Aggregate>();
        const double aggregates = static_cast<double>(aggregate.items.size());
        const double keys = static_cast<double>(aggregate.keys.size());
        cost.startup_cost = input.total_cost + input.rows * kOperator * (keys + aggregates);
        cost.total_cost = cost.startup_cost +
                          (keys > 0 ? cost.rows * kOperator * aggregates : kOperator * aggregates);
        break;
      }
      case NodeKind::kDistinct: cost.total_cost += kOperator * input.rows; break;
      case NodeKind::kJoin: CostJoin(node.As<Join>()); break;
      case NodeKind::kSort:
        cost.startup_cost = SortStartup(input);
        cost.total_cost = cost.startup_cost + kOperator * input.rows;
        break;
      case NodeKind::kWindow:
        cost.startup_cost = SortStartup(input);
        cost.total_cost =
            cost.startup_cost +
            kOperator * input.rows *
                static_cast<double>(1 + node.As<logical::Window>().items.size());
        break;
      case NodeKind::kLimit: {
        const double share = input.rows > 0 ? std::min(1.0, cost.rows / input.rows) : 1;
        cost.total_cost =
            input.startup_cost + (input.total_cost - input.startup_cost) * share;
        break;
      }
      case NodeKind::kSetOperation: {
        cost.startup_cost = 0;
        cost.total_cost = 0;
        for (const NodePtr& child : node.children) cost.total_cost += child->estimate.total_cost;
        break;
      }
      case NodeKind::kCteScan: {
        const auto it = ctes_.find(node.As<logical::CteScan>().cte);
        if (it == ctes_.end()) break;
        cost.startup_cost = it->second->estimate.startup_cost;
        cost.total_cost = it->second->estimate.total_cost + cost.rows * kRow;
        break;
      }
      default: break;
    }
  }

  static double SortStartup(const Estimate& input) {
    const double rows = std::max(input.rows, 2.0);
    return input.total_cost + kSortStartup + 0.005 * rows * std::log2(rows);
  }

  // Inner rows that one outer row finds in its bucket: 1 when the inner key is unique.
  double RowsPerBucket(const Join& join) {
    const double rows = join.children[1]->estimate.rows;
    double distinct = 1;
    for (const auto& [l, r] : join.equalities) {
      distinct = std::max(distinct, estimator_.Distinct(*r, rows));
    }
    return std::max(1.0, std::round(rows / distinct));
  }

  void CostJoin(Join& join) {
    const Estimate& outer = join.children[0]->estimate;
    const Estimate& inner = join.children[1]->estimate;
    Estimate& cost = join.estimate;
    const double transferred = inner.rows * (Aligned(inner.width) + 8);
    double transfer = 0;
    if (join.movement == Movement::kBroadcast) transfer = transferred * kTransfer;
    if (join.movement == Movement::kInner) transfer = transferred * kTransfer / 48;
    if (join.movement == Movement::kOuter || join.movement == Movement::kBoth) {
      transfer = outer.rows * (Aligned(outer.width) + 8) * kTransfer / 48;
    }
    if (join.equalities.empty()) {
      cost.startup_cost = outer.startup_cost;
      cost.total_cost = outer.total_cost + inner.total_cost +
                        outer.rows * inner.rows * (kRow + kOperator) + transfer;
      return;
    }
    cost.startup_cost = outer.startup_cost + inner.total_cost + inner.rows * kOperator;
    cost.total_cost = inner.total_cost + inner.rows * kOperator + outer.total_cost +
                      outer.rows * (kRow + kOperator * RowsPerBucket(join)) + cost.rows * kRow +
                      transfer;
  }

  OptimizeContext& context_;
  Estimator estimator_;
  absl::flat_hash_map<int, const Node*> ctes_;
};

}  // namespace

logical::NodePtr EstimatePlan(logical::NodePtr root, OptimizeContext& context) {
  Annotator(context).Visit(*root);
  return root;
}

}  // namespace vesto::optimizer
