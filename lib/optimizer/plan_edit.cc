#include "optimizer/plan_edit.h"

#include <algorithm>
#include <utility>

namespace vesto::optimizer {

using expr::ExprKind;
using logical::JoinType;

// --- Columns ------------------------------------------------------------------------------------

ExprPtr ColumnOf(const OutputColumn& column) {
  return expr::Column(column.id, column.type, column.name);
}

ColumnSet OutputSet(const Node& node) {
  ColumnSet ids;
  ids.reserve(node.output.size());
  for (const OutputColumn& column : node.output) ids.insert(column.id);
  return ids;
}

ColumnSet ColumnsOf(const Expr& expr) {
  ColumnSet columns;
  expr::CollectColumns(expr, &columns);
  return columns;
}

bool Subset(const ColumnSet& part, const ColumnSet& whole) {
  return std::all_of(part.begin(), part.end(), [&](ColumnId id) { return whole.contains(id); });
}

bool Intersects(const ColumnSet& a, const ColumnSet& b) {
  const ColumnSet& small = a.size() < b.size() ? a : b;
  const ColumnSet& large = a.size() < b.size() ? b : a;
  return std::any_of(small.begin(), small.end(), [&](ColumnId id) { return large.contains(id); });
}

bool UsesOnly(const Expr& expr, const ColumnSet& columns) {
  if (expr.is_column()) return columns.contains(expr.column);
  return std::all_of(expr.args.begin(), expr.args.end(),
                     [&](const ExprPtr& arg) { return UsesOnly(*arg, columns); });
}

bool UsesAny(const Expr& expr, const ColumnSet& columns) {
  if (expr.is_column()) return columns.contains(expr.column);
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [&](const ExprPtr& arg) { return UsesAny(*arg, columns); });
}

namespace {

void CollectUsed(const Node& node, ColumnSet* used) {
  logical::VisitExpressions(node, [used](const Expr& expr) { expr::CollectColumns(expr, used); });
  for (const NodePtr& child : node.children) CollectUsed(*child, used);
}

}  // namespace

void CollectProduced(const Node& node, ColumnSet* produced) {
  for (const OutputColumn& column : node.output) produced->insert(column.id);
  for (const NodePtr& child : node.children) CollectProduced(*child, produced);
}

ColumnSet FreeColumns(const Node& node) {
  ColumnSet used, produced, free;
  CollectUsed(node, &used);
  CollectProduced(node, &produced);
  for (ColumnId id : used) {
    if (!produced.contains(id)) free.insert(id);
  }
  return free;
}

// --- Expressions ----------------------------------------------------------------------------------

ExprPtr Substitute(ExprPtr expr, const Substitution& by) {
  return expr::Transform(std::move(expr), [&by](Expr& node) -> ExprPtr {
    if (!node.is_column()) return nullptr;
    const auto it = by.find(node.column);
    return it == by.end() ? nullptr : it->second->Clone();
  });
}

void RenameUses(ExprPtr& expr, const absl::flat_hash_map<ColumnId, ColumnId>& names) {
  expr = expr::Transform(std::move(expr), [&names](Expr& node) -> ExprPtr {
    if (node.is_column()) {
      if (const auto it = names.find(node.column); it != names.end()) node.column = it->second;
    }
    return nullptr;
  });
}

void RenameUses(Node& node, const absl::flat_hash_map<ColumnId, ColumnId>& names) {
  logical::VisitExpressions(node, [&names](ExprPtr& expr) { RenameUses(expr, names); });
  if (node.kind == NodeKind::kDependentJoin) {
    for (ColumnId& id : node.As<logical::DependentJoin>().correlated) {
      if (const auto it = names.find(id); it != names.end()) id = it->second;
    }
  }
  for (NodePtr& child : node.children) RenameUses(*child, names);
}

bool IsStrictIn(const Expr& expr, const ColumnSet& columns) {
  switch (expr.kind) {
    case ExprKind::kColumn: return columns.contains(expr.column);
    case ExprKind::kCall:
      if (expr.function == nullptr ||
          expr.function->null_rule != functions::NullRule::kStrict) {
        return false;
      }
      [[fallthrough]];
    case ExprKind::kCast:
    case ExprKind::kArithmetic:
    case ExprKind::kNegate:
    case ExprKind::kCompare:
    case ExprKind::kNot:
    case ExprKind::kLike:
      return std::any_of(expr.args.begin(), expr.args.end(),
                         [&](const ExprPtr& arg) { return IsStrictIn(*arg, columns); });
    case ExprKind::kInList: return IsStrictIn(*expr.args[0], columns);
    case ExprKind::kConstant:
    case ExprKind::kParameter:
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kIsNull:
    case ExprKind::kIsTrue:
    case ExprKind::kCase:
    case ExprKind::kCoalesce: return false;
  }
  return false;
}

bool RejectsNull(const Expr& expr, const ColumnSet& columns) {
  switch (expr.kind) {
    case ExprKind::kConstant: return expr.constant.is_null() || !expr.constant.boolean();
    case ExprKind::kAnd:
      return std::any_of(expr.args.begin(), expr.args.end(),
                         [&](const ExprPtr& arg) { return RejectsNull(*arg, columns); });
    case ExprKind::kOr:
      return std::all_of(expr.args.begin(), expr.args.end(),
                         [&](const ExprPtr& arg) { return RejectsNull(*arg, columns); });
    case ExprKind::kIsNull: return expr.negated && IsStrictIn(*expr.args[0], columns);
    case ExprKind::kIsTrue: return !expr.negated && IsStrictIn(*expr.args[0], columns);
    default: return IsStrictIn(expr, columns);
  }
}

// --- Nodes ----------------------------------------------------------------------------------------

NodePtr MakeFilter(NodePtr input, std::vector<ExprPtr> conjuncts) {
  if (conjuncts.empty()) return input;
  auto filter = std::make_unique<logical::Filter>();
  filter->predicate = expr::And(std::move(conjuncts));
  filter->output = input->output;
  filter->children.push_back(std::move(input));
  return filter;
}

NodePtr MakeProject(NodePtr input, std::vector<ExprPtr> expressions,
                    std::vector<OutputColumn> output) {
  auto project = std::make_unique<logical::Project>();
  project->expressions = std::move(expressions);
  project->output = std::move(output);
  project->children.push_back(std::move(input));
  return project;
}

std::unique_ptr<logical::Join> MakeJoin(JoinType type, NodePtr left, NodePtr right) {
  auto join = std::make_unique<logical::Join>();
  join->type = type;
  join->children.push_back(std::move(left));
  join->children.push_back(std::move(right));
  RefreshOutput(*join);
  return join;
}

NodePtr MakeOneRow() {
  auto values = std::make_unique<logical::Values>();
  values->rows.emplace_back();
  return values;
}

bool KeepsRightColumns(JoinType type) {
  return type != JoinType::kSemi && type != JoinType::kAnti && type != JoinType::kNullAwareAnti &&
         type != JoinType::kMark;
}

namespace {

void JoinOutput(Node& node, JoinType type, ColumnId mark_id) {
  node.output = node.children[0]->output;
  if (KeepsRightColumns(type)) {
    const auto& right = node.children[1]->output;
    node.output.insert(node.output.end(), right.begin(), right.end());
  } else if (type == JoinType::kMark) {
    node.output.push_back({mark_id, Type::Boolean(), "mark"});
  }
}

}  // namespace

void RefreshOutput(Node& node) {
  switch (node.kind) {
    case NodeKind::kFilter:
    case NodeKind::kSort:
    case NodeKind::kLimit:
    case NodeKind::kDistinct: node.output = node.children[0]->output; break;
    case NodeKind::kCteDefinition: node.output = node.children[1]->output; break;
    case NodeKind::kJoin:
      JoinOutput(node, node.As<logical::Join>().type, node.As<logical::Join>().mark_id);
      break;
    case NodeKind::kDependentJoin:
      JoinOutput(node, node.As<logical::DependentJoin>().type,
                 node.As<logical::DependentJoin>().mark_id);
      break;
    case NodeKind::kWindow: {
      node.output = node.children[0]->output;
      for (const logical::WindowItem& item : node.As<logical::Window>().items) {
        node.output.push_back({item.id, item.type, item.name});
      }
      break;
    }
    case NodeKind::kAggregate: {
      auto& aggregate = node.As<logical::Aggregate>();
      std::vector<OutputColumn> output;
      for (size_t i = 0; i < aggregate.keys.size(); ++i) {
        const OutputColumn* known = node.FindOutput(aggregate.key_ids[i]);
        output.push_back({aggregate.key_ids[i], aggregate.keys[i]->type,
                          known != nullptr ? known->name : aggregate.keys[i]->name});
      }
      for (const logical::AggregateItem& item : aggregate.items) {
        output.push_back({item.id, item.type, item.name});
      }
      if (!aggregate.grouping_sets.empty()) {
        output.push_back({aggregate.grouping_id, Type::Bigint(), "grouping id"});
      }
      node.output = std::move(output);
      break;
    }
    case NodeKind::kScan:
    case NodeKind::kSourceScan:
    case NodeKind::kValues:
    case NodeKind::kProject:
    case NodeKind::kSetOperation:
    case NodeKind::kCteScan:
    case NodeKind::kRecursiveCte:
    case NodeKind::kInsert:
    case NodeKind::kDelete:
    case NodeKind::kUpdate:
    case NodeKind::kMerge:
    case NodeKind::kCopy:
    case NodeKind::kUnload: break;
  }
}

void RefreshOutputs(Node& node) {
  for (NodePtr& child : node.children) RefreshOutputs(*child);
  RefreshOutput(node);
}

namespace {

using Names = absl::flat_hash_map<ColumnId, ColumnId>;

void RenameId(ColumnId& id, const Names& names) {
  if (const auto it = names.find(id); it != names.end()) id = it->second;
}

void RenameProduced(Node& node, const Names& names) {
  for (OutputColumn& column : node.output) RenameId(column.id, names);
  switch (node.kind) {
    case NodeKind::kAggregate: {
      auto& aggregate = node.As<logical::Aggregate>();
      for (ColumnId& id : aggregate.key_ids) RenameId(id, names);
      for (logical::AggregateItem& item : aggregate.items) RenameId(item.id, names);
      RenameId(aggregate.grouping_id, names);
      break;
    }
    case NodeKind::kJoin: RenameId(node.As<logical::Join>().mark_id, names); break;
    case NodeKind::kDependentJoin:
      RenameId(node.As<logical::DependentJoin>().mark_id, names);
      break;
    case NodeKind::kWindow:
      for (logical::WindowItem& item : node.As<logical::Window>().items) RenameId(item.id, names);
      break;
    case NodeKind::kSetOperation:
      for (auto& columns : node.As<logical::SetOperation>().columns) {
        for (ColumnId& id : columns) RenameId(id, names);
      }
      break;
    case NodeKind::kRecursiveCte:
      for (ColumnId& id : node.As<logical::RecursiveCte>().seed_columns) RenameId(id, names);
      for (ColumnId& id : node.As<logical::RecursiveCte>().step_columns) RenameId(id, names);
      break;
    case NodeKind::kCteScan:
      for (ColumnId& id : node.As<logical::CteScan>().source_columns) RenameId(id, names);
      break;
    default: break;
  }
  for (NodePtr& child : node.children) RenameProduced(*child, names);
}

void CollectCtes(const Node& node, std::vector<int>* ctes) {
  if (node.kind == NodeKind::kCteDefinition) {
    ctes->push_back(node.As<logical::CteDefinition>().cte);
  } else if (node.kind == NodeKind::kRecursiveCte) {
    ctes->push_back(node.As<logical::RecursiveCte>().cte);
  }
  for (const NodePtr& child : node.children) CollectCtes(*child, ctes);
}

void RenameCtes(Node& node, const absl::flat_hash_map<int, int>& names) {
  auto rename = [&names](int& cte) {
    if (const auto it = names.find(cte); it != names.end()) cte = it->second;
  };
  if (node.kind == NodeKind::kCteDefinition) rename(node.As<logical::CteDefinition>().cte);
  if (node.kind == NodeKind::kRecursiveCte) rename(node.As<logical::RecursiveCte>().cte);
  if (node.kind == NodeKind::kCteScan) rename(node.As<logical::CteScan>().cte);
  for (NodePtr& child : node.children) RenameCtes(*child, names);
}

}  // namespace

NodePtr CloneFresh(const Node& node, ColumnId* next_column_id, int* next_cte, Names* names) {
  NodePtr copy = logical::Clone(node);
  ColumnSet produced;
  CollectProduced(node, &produced);
  // In order of number, so that plans are the same on every run.
  std::vector<ColumnId> ordered(produced.begin(), produced.end());
  std::sort(ordered.begin(), ordered.end());
  Names fresh;
  for (ColumnId id : ordered) fresh[id] = (*next_column_id)++;
  RenameProduced(*copy, fresh);
  RenameUses(*copy, fresh);
  std::vector<int> ctes;
  CollectCtes(node, &ctes);
  if (!ctes.empty()) {
    absl::flat_hash_map<int, int> fresh_ctes;
    for (int cte : ctes) fresh_ctes[cte] = (*next_cte)++;
    RenameCtes(*copy, fresh_ctes);
  }
  if (names != nullptr) *names = std::move(fresh);
  return copy;
}

int NextCte(const Node& node) {
  std::vector<int> ctes;
  CollectCtes(node, &ctes);
  int next = 0;
  for (int cte : ctes) next = std::max(next, cte + 1);
  return next;
}

bool AtMostOneRow(const Node& node) {
  switch (node.kind) {
    case NodeKind::kAggregate: {
      const auto& aggregate = node.As<logical::Aggregate>();
      return aggregate.keys.empty() && aggregate.grouping_sets.size() <= 1;
    }
    case NodeKind::kValues: return node.As<logical::Values>().num_rows() <= 1;
    case NodeKind::kLimit: {
      const auto& limit = node.As<logical::Limit>();
      if (limit.limit != nullptr && limit.limit->is_constant() &&
          !limit.limit->constant.is_null() && limit.limit->constant.integer() <= 1) {
        return true;
      }
      return AtMostOneRow(*node.children[0]);
    }
    case NodeKind::kFilter:
    case NodeKind::kProject:
    case NodeKind::kSort:
    case NodeKind::kDistinct:
    case NodeKind::kWindow: return AtMostOneRow(*node.children[0]);
    case NodeKind::kCteDefinition: return AtMostOneRow(*node.children[1]);
    case NodeKind::kJoin: {
      const JoinType type = node.As<logical::Join>().type;
      if (type == JoinType::kRight || type == JoinType::kFull) return false;
      if (!AtMostOneRow(*node.children[0])) return false;
      return !KeepsRightColumns(type) || type == JoinType::kSingle ||
             AtMostOneRow(*node.children[1]);
    }
    default: return false;
  }
}

bool ExactlyOneRow(const Node& node) {
  switch (node.kind) {
    case NodeKind::kAggregate: return AtMostOneRow(node);
    case NodeKind::kValues: return node.As<logical::Values>().num_rows() == 1;
    case NodeKind::kProject:
    case NodeKind::kSort:
    case NodeKind::kDistinct:
    case NodeKind::kWindow: return ExactlyOneRow(*node.children[0]);
    case NodeKind::kCteDefinition: return ExactlyOneRow(*node.children[1]);
    case NodeKind::kJoin: {
      const auto& join = node.As<logical::Join>();
      if (!ExactlyOneRow(*node.children[0])) return false;
      if (join.type == JoinType::kMark || join.type == JoinType::kSingle) return true;
      if (join.type == JoinType::kLeft) return AtMostOneRow(*node.children[1]);
      return join.type == JoinType::kInner && join.equalities.empty() &&
             join.residual == nullptr && ExactlyOneRow(*node.children[1]);
    }
    default: return false;
  }
}

bool HasVolatile(const Node& node) {
  bool found = false;
  logical::VisitExpressions(node,
                            [&found](const Expr& expr) { found = found || expr::IsVolatile(expr); });
  if (found) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return HasVolatile(*child); });
}

int Depth(const Node& node) {
  int depth = 0;
  std::vector<std::pair<const Node*, int>> pending = {{&node, 1}};
  while (!pending.empty()) {
    const auto [next, level] = pending.back();
    pending.pop_back();
    depth = std::max(depth, level);
    for (const NodePtr& child : next->children) pending.emplace_back(child.get(), level + 1);
  }
  return depth;
}

}  // namespace vesto::optimizer
