#include "optimizer/rules/semi_reduction.h"

#include <algorithm>
#include <utility>

#include "optimizer/cardinality.h"
#include "optimizer/plan_edit.h"

namespace vesto::optimizer {
namespace {

using logical::Aggregate;
using logical::Join;
using logical::JoinType;
using logical::Scan;

// Worth a second scan: few keys are left, and many rows are spared.
constexpr double kShareMax = 0.3;
constexpr double kRowsSparedPerKey = 4;

// Scans all of whose rows the other side may ask for, and the equalities between them.
struct Reach {
  std::vector<const Scan*> scans;
  std::vector<std::pair<ColumnId, ColumnId>> equal;
};

void Collect(const Node& node, Reach* reach) {
  switch (node.kind) {
    case NodeKind::kScan: reach->scans.push_back(&node.As<Scan>()); return;
    case NodeKind::kFilter: Collect(*node.children[0], reach); return;
    case NodeKind::kProject: {
      const auto& project = node.As<logical::Project>();
      for (size_t i = 0; i < project.expressions.size(); ++i) {
        if (project.expressions[i]->is_column()) {
          reach->equal.emplace_back(project.output[i].id, project.expressions[i]->column);
        }
      }
      Collect(*node.children[0], reach);
      return;
    }
    case NodeKind::kJoin: {
      const auto& join = node.As<Join>();
      if (join.type == JoinType::kRight || join.type == JoinType::kFull) return;
      Collect(*node.children[0], reach);
      if (join.type != JoinType::kInner && join.type != JoinType::kSemi) return;
      Collect(*node.children[1], reach);
      for (const auto& [l, r] : join.equalities) {
        if (l->is_column() && r->is_column()) reach->equal.emplace_back(l->column, r->column);
      }
      return;
    }
    default: return;
  }
}

// The aggregate that makes `column` as a key, and the key's column in its input.
Aggregate* FindGroups(Node& node, ColumnId column, ColumnId* input_column) {
  switch (node.kind) {
    case NodeKind::kFilter: return FindGroups(*node.children[0], column, input_column);
    case NodeKind::kProject: {
      auto& project = node.As<logical::Project>();
      for (size_t i = 0; i < project.expressions.size(); ++i) {
        if (project.output[i].id == column && project.expressions[i]->is_column()) {
          return FindGroups(*node.children[0], project.expressions[i]->column, input_column);
        }
      }
      return nullptr;
    }
    case NodeKind::kAggregate: {
      auto& aggregate = node.As<Aggregate>();
      if (!aggregate.grouping_sets.empty()) return nullptr;
      for (size_t i = 0; i < aggregate.keys.size(); ++i) {
        if (aggregate.key_ids[i] == column && aggregate.keys[i]->is_column()) {
          *input_column = aggregate.keys[i]->column;
          return &aggregate;
        }
      }
      return nullptr;
    }
    default: return nullptr;
  }
}

class Reducer {
 public:
  explicit Reducer(OptimizeContext& context) : context_(context), estimator_(context) {}

  void Visit(Node& node) {
    if (node.kind == NodeKind::kJoin) TryJoin(node.As<Join>());
    for (NodePtr& child : node.children) Visit(*child);
  }

 private:
  void TryJoin(Join& join) {
    const bool right_groups = join.type == JoinType::kInner || join.type == JoinType::kLeft ||
                              join.type == JoinType::kSemi || join.type == JoinType::kSingle;
    const bool left_groups = join.type == JoinType::kInner || join.type == JoinType::kSemi;
    for (auto& [l, r] : join.equalities) {
      if (!l->is_column() || !r->is_column() || !(l->type == r->type)) continue;
      if (right_groups && TrySide(*join.children[1], r->column, *join.children[0], l->column)) {
        return;
      }
      if (left_groups && TrySide(*join.children[0], l->column, *join.children[1], r->column)) {
        return;
      }
    }
  }

  bool TrySide(Node& grouped, ColumnId key, const Node& asking, ColumnId asked) {
    ColumnId input_column = -1;
    Aggregate* aggregate = FindGroups(grouped, key, &input_column);
    if (aggregate == nullptr || HasVolatile(asking)) return false;
    Reach reach;
    Collect(asking, &reach);
    ColumnSet same = {asked};
    for (bool grows = true; grows;) {
      grows = false;
      for (const auto& [a, b] : reach.equal) {
        if (same.contains(a) != same.contains(b)) {
          same.insert(a);
          same.insert(b);
          grows = true;
        }
      }
    }
    const double input_rows = estimator_.Rows(*aggregate->children[0]);
    const ColumnBelief* input = estimator_.Find(input_column);
    if (input == nullptr) return false;
    const double values = input->base_distinct;
    const Scan* best = nullptr;
    const OutputColumn* best_column = nullptr;
    double best_share = kShareMax;
    for (const Scan* scan : reach.scans) {
      if (scan->conjuncts.empty() || scan->emits_row_id) continue;
      const double rows = estimator_.Rows(*scan);
      for (size_t i = 0; i < scan->columns.size(); ++i) {
        const OutputColumn& column = scan->output[i];
        if (!same.contains(column.id)) continue;
        const ColumnBelief* belief = estimator_.Find(column.id);
        const double share = belief->distinct / std::max(values, 1.0);
        if (share < best_share && rows * kRowsSparedPerKey < input_rows) {
          best = scan;
          best_column = &column;
          best_share = share;
        }
      }
    }
    if (best == nullptr) return false;
    const OutputColumn* from = aggregate->children[0]->FindOutput(input_column);
    if (from == nullptr || !(from->type == best_column->type)) return false;
    absl::flat_hash_map<ColumnId, ColumnId> names;
    int unused_cte = 0;
    NodePtr copy = CloneFresh(*best, &context_.next_column_id, &unused_cte, &names);
    ExprPtr left = ColumnOf(*from);
    ExprPtr right =
        expr::Column(names.at(best_column->id), best_column->type, best_column->name);
    auto semi = MakeJoin(JoinType::kSemi, std::move(aggregate->children[0]), std::move(copy));
    semi->equalities.emplace_back(std::move(left), std::move(right));
    aggregate->children[0] = std::move(semi);
    return true;
  }

  OptimizeContext& context_;
  Estimator estimator_;
};

}  // namespace

logical::NodePtr ReduceGroupedSides(logical::NodePtr root, OptimizeContext& context) {
  Reducer(context).Visit(*root);
  RefreshOutputs(*root);
  return root;
}

}  // namespace vesto::optimizer
