#include "optimizer/rules/aggregate_keys.h"

#include <algorithm>
#include <utility>

#include "functions/function.h"
#include "optimizer/plan_edit.h"
#include "types/type_rules.h"

namespace vesto::optimizer {
namespace {

using logical::Aggregate;
using logical::Join;
using logical::JoinType;

// Columns of `determines` have one value for each combination of the `key` columns.
struct Dependency {
  ColumnSet key, determines;
};

void CollectFromScan(const logical::Scan& scan, std::vector<Dependency>* dependencies) {
  const auto output_of = [&scan](int column) -> ColumnId {
    for (size_t i = 0; i < scan.columns.size(); ++i) {
      if (scan.columns[i] == column) return scan.output[i].id;
    }
    return -1;
  };
  for (const catalog::ConstraintEntry& constraint : scan.table->constraints) {
    if (constraint.kind == catalog::ConstraintEntry::Kind::kForeignKey) continue;
    Dependency dependency;
    bool known = true;
    for (int column : constraint.columns) {
      const ColumnId id = output_of(column);
      const bool not_null = constraint.kind == catalog::ConstraintEntry::Kind::kPrimaryKey ||
                            scan.table->columns[column].not_null;
      known = known && id >= 0 && not_null;
      dependency.key.insert(id);
    }
    if (!known) continue;
    for (const OutputColumn& column : scan.output) dependency.determines.insert(column.id);
    dependencies->push_back(std::move(dependency));
  }
}

void Collect(const Node& node, std::vector<Dependency>* dependencies) {
  switch (node.kind) {
    case NodeKind::kScan:
      CollectFromScan(node.As<logical::Scan>(), dependencies);
      return;
    case NodeKind::kFilter: Collect(*node.children[0], dependencies); return;
    case NodeKind::kProject: {
      const auto& project = node.As<logical::Project>();
      for (size_t i = 0; i < project.expressions.size(); ++i) {
        if (expr::IsVolatile(*project.expressions[i])) continue;
        dependencies->push_back(
            {ColumnsOf(*project.expressions[i]), {project.output[i].id}});
        if (project.expressions[i]->is_column()) {
          dependencies->push_back(
              {{project.output[i].id}, {project.expressions[i]->column}});
        }
      }
      Collect(*node.children[0], dependencies);
      return;
    }
    case NodeKind::kAggregate: {
      const auto& aggregate = node.As<Aggregate>();
      if (!aggregate.grouping_sets.empty()) return;
      Dependency dependency;
      dependency.key.insert(aggregate.key_ids.begin(), aggregate.key_ids.end());
      dependency.determines = OutputSet(node);
      dependencies->push_back(std::move(dependency));
      return;
    }
    case NodeKind::kJoin: {
      const auto& join = node.As<Join>();
      if (join.type == JoinType::kRight || join.type == JoinType::kFull) return;
      Collect(*node.children[0], dependencies);
      if (join.type == JoinType::kInner) {
        Collect(*node.children[1], dependencies);
        for (const auto& [l, r] : join.equalities) {
          if (!l->is_column() || !r->is_column()) continue;
          dependencies->push_back({{l->column}, {r->column}});
          dependencies->push_back({{r->column}, {l->column}});
        }
      }
      return;
    }
    default: return;
  }
}

ColumnSet Closure(ColumnSet known, const std::vector<Dependency>& dependencies) {
  for (bool grows = true; grows;) {
    grows = false;
    for (const Dependency& dependency : dependencies) {
      if (!Subset(dependency.key, known)) continue;
      for (ColumnId id : dependency.determines) grows = known.insert(id).second || grows;
    }
  }
  return known;
}

// Keys that cost most to compare are dropped first.
int Weight(const Type& type) {
  if (!types::IsString(type)) return types::PhysicalSize(types::DefaultPhysicalType(type));
  return 100 + type.length;
}

void Reduce(Aggregate& aggregate) {
  if (!aggregate.grouping_sets.empty() || aggregate.keys.size() < 2) return;
  std::vector<Dependency> dependencies;
  Collect(*aggregate.children[0], &dependencies);
  if (dependencies.empty()) return;
  const auto registry = functions::BuiltinRegistry();
  const functions::AggregateFunction* any_value = registry->FindAggregate("any_value");
  if (any_value == nullptr) return;

  std::vector<size_t> order;
  for (size_t i = 0; i < aggregate.keys.size(); ++i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return Weight(aggregate.keys[a]->type) > Weight(aggregate.keys[b]->type);
  });
  std::vector<bool> dropped(aggregate.keys.size(), false);
  for (size_t candidate : order) {
    const Expr& key = *aggregate.keys[candidate];
    if (expr::IsVolatile(key) || ColumnsOf(key).empty()) continue;
    ColumnSet rest;
    for (size_t i = 0; i < aggregate.keys.size(); ++i) {
      if (i != candidate && !dropped[i] && aggregate.keys[i]->is_column()) {
        rest.insert(aggregate.keys[i]->column);
      }
    }
    if (rest.empty() || !Subset(ColumnsOf(key), Closure(std::move(rest), dependencies))) continue;
    bool ambiguous = false;
    const std::vector<Type> types = {key.type};
    const auto overload = functions::ResolveOverload(
        std::span<const functions::AggregateOverload>(any_value->overloads),
        std::span<const Type>(types), &ambiguous);
    if (!overload.has_value()) continue;
    // The overload must take and give the key's own type.
    const std::vector<const Value*> constants = {nullptr};
    const auto result =
        any_value->overloads[*overload].result(functions::BindCall{types, constants});
    if (!result.ok() || !(*result == key.type)) continue;
    dropped[candidate] = true;
    logical::AggregateItem item;
    item.function = any_value;
    item.overload = *overload;
    item.args.push_back(key.Clone());
    item.type = key.type;
    item.id = aggregate.key_ids[candidate];
    const OutputColumn* column = aggregate.FindOutput(item.id);
    item.name = column != nullptr ? column->name : key.name;
    aggregate.items.push_back(std::move(item));
  }
  std::vector<ExprPtr> keys;
  std::vector<ColumnId> ids;
  for (size_t i = 0; i < aggregate.keys.size(); ++i) {
    if (dropped[i]) continue;
    keys.push_back(std::move(aggregate.keys[i]));
    ids.push_back(aggregate.key_ids[i]);
  }
  aggregate.keys = std::move(keys);
  aggregate.key_ids = std::move(ids);
  RefreshOutput(aggregate);
}

void Visit(Node& node) {
  for (NodePtr& child : node.children) Visit(*child);
  if (node.kind == NodeKind::kAggregate) Reduce(node.As<Aggregate>());
}

}  // namespace

logical::NodePtr ReduceGroupKeys(logical::NodePtr root, OptimizeContext& context) {
  Visit(*root);
  return root;
}

}  // namespace vesto::optimizer
