#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "functions/function.h"
#include "optimizer/optimizer.h"

// Small plans by hand, for tests of rules.
namespace vesto::optimizer {

using expr::ColumnId;
using expr::ExprPtr;
using logical::NodePtr;
using logical::OutputColumn;

// Tables by name, with the rows that the statistics claim.
class PlanBuilder : public StatisticsSource {
 public:
  struct Column {
    std::string name;
    Type type = Type::Integer();
    double distinct = -1;
    bool not_null = true;
  };

  catalog::TablePtr Table(const std::string& name, double rows, std::vector<Column> columns,
                          int dist_key = -1) {
    auto entry = std::make_shared<catalog::TableEntry>();
    entry->oid = next_oid_++;
    entry->name = name;
    TableStats stats;
    stats.rows = rows;
    for (const Column& column : columns) {
      catalog::ColumnEntry made;
      made.name = column.name;
      made.type = column.type;
      made.not_null = column.not_null;
      entry->columns.push_back(made);
      ColumnStats known;
      known.distinct = column.distinct < 0 ? rows : column.distinct;
      known.has_bounds = true;
      known.min = 1;
      known.max = static_cast<int64_t>(known.distinct);
      stats.columns.push_back(known);
    }
    if (dist_key >= 0) {
      entry->design.dist_style = types::DistStyle::kKey;
      entry->design.dist_key = dist_key;
    }
    stats_.push_back({entry->oid, stats});
    return entry;
  }

  std::shared_ptr<const TableStats> Statistics(const catalog::TableEntry& table) const override {
    for (const auto& [oid, stats] : stats_) {
      if (oid == table.oid) return std::make_shared<const TableStats>(stats);
    }
    return std::make_shared<const TableStats>();
  }

  NodePtr Scan(const catalog::TablePtr& table) {
    auto scan = std::make_unique<logical::Scan>();
    scan->table = table;
    scan->alias = table->name;
    for (size_t i = 0; i < table->columns.size(); ++i) {
      scan->columns.push_back(static_cast<int>(i));
      scan->output.push_back({next_id++, table->columns[i].type, table->columns[i].name});
    }
    return scan;
  }

  static ExprPtr Ref(const logical::Node& node, const std::string& name) {
    for (const OutputColumn& column : node.output) {
      if (column.name == name) return expr::Column(column.id, column.type, column.name);
    }
    return nullptr;
  }

  static ExprPtr Equal(ExprPtr a, ExprPtr b) {
    return expr::Compare(expr::Op::kEqual, std::move(a), std::move(b));
  }
  static ExprPtr Int(int32_t value) { return expr::Constant(Value::Integer(value)); }

  static NodePtr Filter(NodePtr input, ExprPtr predicate) {
    auto filter = std::make_unique<logical::Filter>();
    filter->predicate = std::move(predicate);
    filter->output = input->output;
    filter->children.push_back(std::move(input));
    return filter;
  }

  static NodePtr Join(logical::JoinType type, NodePtr left, NodePtr right) {
    auto join = std::make_unique<logical::Join>();
    join->type = type;
    join->output = left->output;
    join->output.insert(join->output.end(), right->output.begin(), right->output.end());
    join->children.push_back(std::move(left));
    join->children.push_back(std::move(right));
    return join;
  }

  NodePtr Project(NodePtr input, std::vector<std::pair<std::string, ExprPtr>> items) {
    auto project = std::make_unique<logical::Project>();
    for (auto& [name, expression] : items) {
      project->output.push_back({next_id++, expression->type, name});
      project->expressions.push_back(std::move(expression));
    }
    project->children.push_back(std::move(input));
    return project;
  }

  // SELECT <function>(argument) ... without GROUP BY.
  NodePtr Aggregate(NodePtr input, const std::string& function, ExprPtr argument) {
    auto aggregate = std::make_unique<logical::Aggregate>();
    logical::AggregateItem item;
    item.function = registry_->FindAggregate(function);
    item.type = Type::Bigint();
    if (argument != nullptr) {
      bool ambiguous = false;
      const std::vector<Type> types = {argument->type};
      item.overload = functions::ResolveOverload(
                          std::span<const functions::AggregateOverload>(item.function->overloads),
                          std::span<const Type>(types), &ambiguous)
                          .value_or(0);
      item.args.push_back(std::move(argument));
    }
    item.id = next_id++;
    item.name = function;
    aggregate->output.push_back({item.id, item.type, item.name});
    aggregate->items.push_back(std::move(item));
    aggregate->children.push_back(std::move(input));
    return aggregate;
  }

  static NodePtr Dependent(logical::JoinType type, NodePtr left, NodePtr right) {
    auto join = std::make_unique<logical::DependentJoin>();
    join->type = type;
    join->output = left->output;
    if (type == logical::JoinType::kSingle) {
      join->output.insert(join->output.end(), right->output.begin(), right->output.end());
    }
    join->children.push_back(std::move(left));
    join->children.push_back(std::move(right));
    return join;
  }

  absl::StatusOr<NodePtr> Optimize(NodePtr plan) {
    const functions::EvalContext eval;
    OptimizeContext context{.eval = eval, .statistics = *this, .topology = {2, 2},
                            .next_column_id = next_id};
    return optimizer::Optimize(std::move(plan), context);
  }

  ColumnId next_id = 0;

 private:
  catalog::Oid next_oid_ = catalog::kFirstUserOid;
  std::vector<std::pair<catalog::Oid, TableStats>> stats_;
  std::shared_ptr<const functions::Registry> registry_ = functions::BuiltinRegistry();
};

// The first node of a kind, in the order of the tree; null when there is none.
inline const logical::Node* FindNode(const logical::Node& node, logical::NodeKind kind) {
  if (node.kind == kind) return &node;
  for (const NodePtr& child : node.children) {
    if (const logical::Node* found = FindNode(*child, kind)) return found;
  }
  return nullptr;
}

inline int CountNodes(const logical::Node& node, logical::NodeKind kind) {
  int count = node.kind == kind ? 1 : 0;
  for (const NodePtr& child : node.children) count += CountNodes(*child, kind);
  return count;
}

}  // namespace vesto::optimizer
