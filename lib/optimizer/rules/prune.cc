#include "optimizer/rules/prune.h"

#include <algorithm>
#include <utility>

#include "logical/constant_rows.h"
#include "optimizer/plan_edit.h"

namespace vesto::optimizer {
namespace {

using logical::Join;
using logical::JoinType;

void AddUses(const Expr& expr, ColumnSet* needed) { expr::CollectColumns(expr, needed); }

class Pruner {
 public:
  // `needed`: the columns that are read above the node.
  NodePtr Prune(NodePtr node, ColumnSet needed) {
    switch (node->kind) {
      case NodeKind::kScan: PruneScan(node->As<logical::Scan>(), std::move(needed)); return node;
      case NodeKind::kSourceScan: {
        auto& scan = node->As<logical::SourceScan>();
        KeepColumns(*node, needed, &scan.columns, true);
        return node;
      }
      case NodeKind::kValues: PruneValues(node->As<logical::Values>(), needed); return node;
      case NodeKind::kFilter: {
        ColumnSet below = needed;
        AddUses(*node->As<logical::Filter>().predicate, &below);
        node->children[0] = Prune(std::move(node->children[0]), std::move(below));
        RefreshOutput(*node);
        return node;
      }
      case NodeKind::kProject: return PruneProject(std::move(node), needed);
      case NodeKind::kAggregate:
        PruneAggregate(node->As<logical::Aggregate>(), needed);
        return node;
      case NodeKind::kJoin: return PruneJoin(std::move(node), std::move(needed));
      case NodeKind::kSort: {
        for (const logical::SortKey& key : node->As<logical::Sort>().keys) {
          AddUses(*key.expression, &needed);
        }
        node->children[0] = Prune(std::move(node->children[0]), std::move(needed));
        RefreshOutput(*node);
        return node;
      }
      case NodeKind::kLimit:
        node->children[0] = Prune(std::move(node->children[0]), std::move(needed));
        RefreshOutput(*node);
        return node;
      case NodeKind::kWindow: return PruneWindow(std::move(node), std::move(needed));
      case NodeKind::kDistinct: {
        // Every column decides what is distinct.
        node->children[0] = Prune(std::move(node->children[0]), OutputSet(*node));
        RefreshOutput(*node);
        return node;
      }
      case NodeKind::kSetOperation:
        PruneSetOperation(node->As<logical::SetOperation>(), needed);
        return node;
      case NodeKind::kCteDefinition: return PruneCte(std::move(node), std::move(needed));
      case NodeKind::kCteScan: {
        auto& scan = node->As<logical::CteScan>();
        KeepColumns(*node, needed, &scan.source_columns, false);
        auto& used = cte_uses_[scan.cte];
        used.insert(scan.source_columns.begin(), scan.source_columns.end());
        return node;
      }
      case NodeKind::kRecursiveCte: {
        auto& recursive = node->As<logical::RecursiveCte>();
        ColumnSet seed(recursive.seed_columns.begin(), recursive.seed_columns.end());
        ColumnSet step(recursive.step_columns.begin(), recursive.step_columns.end());
        node->children[0] = Prune(std::move(node->children[0]), std::move(seed));
        node->children[1] = Prune(std::move(node->children[1]), std::move(step));
        return node;
      }
      // Arguments are evaluated in any order: what is read of the node is read before it moves.
      case NodeKind::kInsert: {
        const auto& insert = node->As<logical::Insert>();
        return PruneWrite(std::move(node), insert.input, insert.generated, -1);
      }
      case NodeKind::kDelete: {
        const ColumnId row_id = node->As<logical::Delete>().row_id;
        return PruneWrite(std::move(node), {}, {}, row_id);
      }
      case NodeKind::kUpdate: {
        const auto& update = node->As<logical::Update>();
        const ColumnId row_id = update.row_id;
        return PruneWrite(std::move(node), update.input, {}, row_id);
      }
      case NodeKind::kMerge: {
        const auto& merge = node->As<logical::Merge>();
        const ColumnId row_id = merge.row_id;
        return PruneWrite(std::move(node), merge.input, merge.generated, row_id);
      }
      case NodeKind::kUnload: {
        ColumnSet below = OutputSet(*node->children[0]);
        node->children[0] = Prune(std::move(node->children[0]), std::move(below));
        return node;
      }
      case NodeKind::kCopy:
      case NodeKind::kDependentJoin: return node;
    }
    return node;
  }

 private:
  // Keeps the output columns in `needed`, with their entries in a parallel vector.
  template <typename T>
  static void KeepColumns(Node& node, const ColumnSet& needed, std::vector<T>* parallel,
                          bool at_least_one) {
    std::vector<OutputColumn> output;
    std::vector<T> kept;
    for (size_t i = 0; i < node.output.size(); ++i) {
      if (!needed.contains(node.output[i].id)) continue;
      output.push_back(node.output[i]);
      kept.push_back((*parallel)[i]);
    }
    if (output.empty() && at_least_one && !node.output.empty()) return;
    node.output = std::move(output);
    *parallel = std::move(kept);
  }

  static void PruneScan(logical::Scan& scan, ColumnSet needed) {
    for (const ExprPtr& conjunct : scan.conjuncts) AddUses(*conjunct, &needed);
    std::vector<OutputColumn> output;
    std::vector<int> columns;
    for (size_t i = 0; i < scan.output.size(); ++i) {
      const bool is_row_id = i >= scan.columns.size();
      if (!needed.contains(scan.output[i].id) && !is_row_id) continue;
      output.push_back(scan.output[i]);
      if (!is_row_id) columns.push_back(scan.columns[i]);
    }
    if (scan.emits_row_id && !needed.contains(scan.output.back().id)) {
      scan.emits_row_id = false;
      output.pop_back();
    }
    scan.output = std::move(output);
    scan.columns = std::move(columns);
  }

  static void PruneValues(logical::Values& values, const ColumnSet& needed) {
    std::vector<size_t> kept;
    std::vector<OutputColumn> output;
    for (size_t i = 0; i < values.output.size(); ++i) {
      if (!needed.contains(values.output[i].id)) continue;
      kept.push_back(i);
      output.push_back(values.output[i]);
    }
    if (kept.size() == values.output.size()) return;
    for (auto& row : values.rows) {
      std::vector<ExprPtr> smaller;
      for (size_t i : kept) smaller.push_back(std::move(row[i]));
      row = std::move(smaller);
    }
    if (values.constants != nullptr) {
      values.constants =
          std::make_shared<const logical::ConstantRows>(values.constants->Keep(kept));
      std::vector<logical::ComputedValue> computed;
      for (logical::ComputedValue& value : values.computed) {
        const auto place = std::find(kept.begin(), kept.end(), value.column);
        if (place == kept.end()) continue;
        value.column = static_cast<size_t>(place - kept.begin());
        computed.push_back(std::move(value));
      }
      values.computed = std::move(computed);
    }
    values.output = std::move(output);
  }

  NodePtr PruneProject(NodePtr node, const ColumnSet& needed) {
    auto& project = node->As<logical::Project>();
    std::vector<ExprPtr> expressions;
    std::vector<OutputColumn> output;
    ColumnSet below;
    for (size_t i = 0; i < project.expressions.size(); ++i) {
      if (!needed.contains(project.output[i].id)) continue;
      AddUses(*project.expressions[i], &below);
      expressions.push_back(std::move(project.expressions[i]));
      output.push_back(std::move(project.output[i]));
    }
    project.expressions = std::move(expressions);
    project.output = std::move(output);
    // Two projections in a row are one, where that computes nothing twice.
    while (project.children[0]->kind == NodeKind::kProject && Merge(project)) {
      below.clear();
      for (const ExprPtr& expression : project.expressions) AddUses(*expression, &below);
    }
    project.children[0] = Prune(std::move(project.children[0]), std::move(below));
    return node;
  }

  static bool Merge(logical::Project& project) {
    auto& inner = project.children[0]->As<logical::Project>();
    absl::flat_hash_map<ColumnId, int> uses;
    for (const ExprPtr& expression : project.expressions) {
      expr::Visit(*expression, [&uses](const Expr& part) {
        if (part.is_column()) ++uses[part.column];
      });
    }
    Substitution by;
    for (size_t i = 0; i < inner.expressions.size(); ++i) {
      const Expr& expression = *inner.expressions[i];
      const bool trivial = expression.is_column() || expression.is_constant();
      if (!trivial && (uses[inner.output[i].id] > 1 || expr::IsVolatile(expression))) return false;
      by[inner.output[i].id] = &expression;
    }
    for (ExprPtr& expression : project.expressions) {
      expression = Substitute(std::move(expression), by);
    }
    NodePtr below = std::move(inner.children[0]);
    project.children[0] = std::move(below);
    return true;
  }

  void PruneAggregate(logical::Aggregate& aggregate, const ColumnSet& needed) {
    std::vector<logical::AggregateItem> items;
    ColumnSet below;
    for (logical::AggregateItem& item : aggregate.items) {
      if (!needed.contains(item.id)) continue;
      for (const ExprPtr& arg : item.args) AddUses(*arg, &below);
      for (const logical::SortKey& key : item.within_group) AddUses(*key.expression, &below);
      items.push_back(std::move(item));
    }
    aggregate.items = std::move(items);
    for (const ExprPtr& key : aggregate.keys) AddUses(*key, &below);
    aggregate.children[0] = Prune(std::move(aggregate.children[0]), std::move(below));
    RefreshOutput(aggregate);
  }

  NodePtr PruneJoin(NodePtr node, ColumnSet needed) {
    auto& join = node->As<Join>();
    if (join.type == JoinType::kMark && !needed.contains(join.mark_id)) {
      // A mark that nobody reads: the left rows as they are.
      NodePtr left = std::move(join.children[0]);
      return Prune(std::move(left), std::move(needed));
    }
    const ColumnSet wanted = needed;
    for (const auto& [l, r] : join.equalities) {
      AddUses(*l, &needed);
      AddUses(*r, &needed);
    }
    if (join.residual != nullptr) AddUses(*join.residual, &needed);
    for (NodePtr& child : join.children) {
      ColumnSet below;
      for (const OutputColumn& column : child->output) {
        if (needed.contains(column.id)) below.insert(column.id);
      }
      child = Prune(std::move(child), std::move(below));
    }
    RefreshOutput(join);
    // Columns that only the join's condition reads end here.
    std::vector<OutputColumn> output;
    for (OutputColumn& column : join.output) {
      if (wanted.contains(column.id)) output.push_back(std::move(column));
    }
    join.output = std::move(output);
    return node;
  }

  NodePtr PruneWindow(NodePtr node, ColumnSet needed) {
    auto& window = node->As<logical::Window>();
    std::vector<logical::WindowItem> items;
    for (logical::WindowItem& item : window.items) {
      if (!needed.contains(item.id)) continue;
      items.push_back(std::move(item));
    }
    window.items = std::move(items);
    if (window.items.empty()) {
      NodePtr child = std::move(node->children[0]);
      return Prune(std::move(child), std::move(needed));
    }
    logical::VisitExpressions(*node, [&needed](ExprPtr& expr) { AddUses(*expr, &needed); });
    node->children[0] = Prune(std::move(node->children[0]), std::move(needed));
    RefreshOutput(*node);
    return node;
  }

  void PruneSetOperation(logical::SetOperation& set, const ColumnSet& needed) {
    if (set.operation == logical::SetOperationKind::kUnionAll) {
      std::vector<OutputColumn> output;
      std::vector<std::vector<ColumnId>> columns(set.columns.size());
      for (size_t j = 0; j < set.output.size(); ++j) {
        if (!needed.contains(set.output[j].id)) continue;
        output.push_back(set.output[j]);
        for (size_t i = 0; i < set.columns.size(); ++i) columns[i].push_back(set.columns[i][j]);
      }
      set.output = std::move(output);
      set.columns = std::move(columns);
    }
    for (size_t i = 0; i < set.children.size(); ++i) {
      ColumnSet below(set.columns[i].begin(), set.columns[i].end());
      set.children[i] = Prune(std::move(set.children[i]), std::move(below));
    }
  }

  NodePtr PruneCte(NodePtr node, ColumnSet needed) {
    auto& definition = node->As<logical::CteDefinition>();
    const int cte = definition.cte;
    cte_uses_[cte].clear();
    definition.children[1] = Prune(std::move(definition.children[1]), std::move(needed));
    ColumnSet below = cte_uses_[cte];
    definition.children[0] = Prune(std::move(definition.children[0]), std::move(below));
    RefreshOutput(definition);
    return node;
  }

  NodePtr PruneWrite(NodePtr node, const std::vector<ColumnId>& input,
                     const std::vector<ColumnId>& generated, ColumnId row_id) {
    ColumnSet below(input.begin(), input.end());
    below.insert(generated.begin(), generated.end());
    if (row_id >= 0) below.insert(row_id);
    node->children[0] = Prune(std::move(node->children[0]), std::move(below));
    return node;
  }

  absl::flat_hash_map<int, ColumnSet> cte_uses_;
};

}  // namespace

logical::NodePtr PruneColumns(logical::NodePtr root, OptimizeContext& context) {
  ColumnSet all = OutputSet(*root);
  return Pruner().Prune(std::move(root), std::move(all));
}

}  // namespace vesto::optimizer
