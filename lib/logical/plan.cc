#include "logical/plan.h"

#include <utility>

#include "logical/constant_rows.h"

namespace vesto::logical {

// Plans nest as deeply as their text: children are unhooked into one list and die there.
Node::~Node() {
  if (children.empty()) return;
  std::vector<NodePtr> pending = std::move(children);
  while (!pending.empty()) {
    NodePtr last = std::move(pending.back());
    pending.pop_back();
    if (last == nullptr) continue;
    for (NodePtr& child : last->children) pending.push_back(std::move(child));
    last->children.clear();
  }
}

size_t Values::num_rows() const {
  return constants != nullptr ? constants->num_rows() : rows.size();
}

const OutputColumn* Node::FindOutput(ColumnId id) const {
  for (const OutputColumn& column : output) {
    if (column.id == id) return &column;
  }
  return nullptr;
}

AggregateItem AggregateItem::Clone() const {
  AggregateItem copy;
  copy.function = function;
  copy.overload = overload;
  copy.args.reserve(args.size());
  for (const ExprPtr& arg : args) copy.args.push_back(arg->Clone());
  copy.distinct = distinct;
  for (const SortKey& key : within_group) copy.within_group.push_back(key.Clone());
  copy.type = type;
  copy.id = id;
  copy.name = name;
  return copy;
}

namespace {

std::vector<ExprPtr> CloneAll(const std::vector<ExprPtr>& exprs) {
  std::vector<ExprPtr> copy;
  copy.reserve(exprs.size());
  for (const ExprPtr& expr : exprs) copy.push_back(expr == nullptr ? nullptr : expr->Clone());
  return copy;
}

std::vector<SortKey> CloneAll(const std::vector<SortKey>& keys) {
  std::vector<SortKey> copy;
  copy.reserve(keys.size());
  for (const SortKey& key : keys) copy.push_back(key.Clone());
  return copy;
}

std::vector<std::pair<ExprPtr, ExprPtr>> CloneAll(
    const std::vector<std::pair<ExprPtr, ExprPtr>>& pairs) {
  std::vector<std::pair<ExprPtr, ExprPtr>> copy;
  copy.reserve(pairs.size());
  for (const auto& [left, right] : pairs) copy.emplace_back(left->Clone(), right->Clone());
  return copy;
}

ExprPtr CloneOrNull(const ExprPtr& expr) { return expr == nullptr ? nullptr : expr->Clone(); }

WindowItem CloneItem(const WindowItem& item) {
  WindowItem copy;
  copy.kind = item.kind;
  copy.function = item.function;
  copy.overload = item.overload;
  copy.args = CloneAll(item.args);
  copy.ignore_nulls = item.ignore_nulls;
  copy.within_group = CloneAll(item.within_group);
  copy.start = item.start;
  copy.end = item.end;
  copy.type = item.type;
  copy.id = item.id;
  copy.name = item.name;
  return copy;
}

// The node alone, without children and without what every node has.
NodePtr CloneSelf(const Node& node) {
  switch (node.kind) {
    case NodeKind::kScan: {
      const auto& from = node.As<Scan>();
      auto copy = std::make_unique<Scan>();
      copy->table = from.table;
      copy->alias = from.alias;
      copy->columns = from.columns;
      copy->conjuncts = CloneAll(from.conjuncts);
      copy->emits_row_id = from.emits_row_id;
      return copy;
    }
    case NodeKind::kSourceScan: {
      const auto& from = node.As<SourceScan>();
      auto copy = std::make_unique<SourceScan>();
      copy->source = from.source;
      copy->alias = from.alias;
      copy->columns = from.columns;
      return copy;
    }
    case NodeKind::kValues: {
      auto copy = std::make_unique<Values>();
      const auto& from = node.As<Values>();
      for (const auto& row : from.rows) copy->rows.push_back(CloneAll(row));
      copy->constants = from.constants;
      for (const ComputedValue& value : from.computed) {
        copy->computed.push_back({value.row, value.column, value.expression->Clone()});
      }
      return copy;
    }
    case NodeKind::kFilter: {
      auto copy = std::make_unique<Filter>();
      copy->predicate = CloneOrNull(node.As<Filter>().predicate);
      return copy;
    }
    case NodeKind::kProject: {
      auto copy = std::make_unique<Project>();
      copy->expressions = CloneAll(node.As<Project>().expressions);
      return copy;
    }
    case NodeKind::kAggregate: {
      const auto& from = node.As<Aggregate>();
      auto copy = std::make_unique<Aggregate>();
      copy->keys = CloneAll(from.keys);
      copy->key_ids = from.key_ids;
      for (const AggregateItem& item : from.items) copy->items.push_back(item.Clone());
      copy->grouping_sets = from.grouping_sets;
      copy->grouping_id = from.grouping_id;
      return copy;
    }
    case NodeKind::kJoin: {
      const auto& from = node.As<Join>();
      auto copy = std::make_unique<Join>();
      copy->type = from.type;
      copy->equalities = CloneAll(from.equalities);
      copy->residual = CloneOrNull(from.residual);
      copy->num_compared = from.num_compared;
      copy->mark_id = from.mark_id;
      copy->movement = from.movement;
      return copy;
    }
    case NodeKind::kDependentJoin: {
      const auto& from = node.As<DependentJoin>();
      auto copy = std::make_unique<DependentJoin>();
      copy->type = from.type;
      copy->correlated = from.correlated;
      copy->equalities = CloneAll(from.equalities);
      copy->residual = CloneOrNull(from.residual);
      copy->num_compared = from.num_compared;
      copy->mark_id = from.mark_id;
      return copy;
    }
    case NodeKind::kSort: {
      auto copy = std::make_unique<Sort>();
      copy->keys = CloneAll(node.As<Sort>().keys);
      return copy;
    }
    case NodeKind::kLimit: {
      auto copy = std::make_unique<Limit>();
      copy->limit = CloneOrNull(node.As<Limit>().limit);
      copy->offset = CloneOrNull(node.As<Limit>().offset);
      return copy;
    }
    case NodeKind::kWindow: {
      const auto& from = node.As<Window>();
      auto copy = std::make_unique<Window>();
      copy->partition_by = CloneAll(from.partition_by);
      copy->order_by = CloneAll(from.order_by);
      for (const WindowItem& item : from.items) copy->items.push_back(CloneItem(item));
      return copy;
    }
    case NodeKind::kDistinct: return std::make_unique<Distinct>();
    case NodeKind::kSetOperation: {
      auto copy = std::make_unique<SetOperation>();
      copy->operation = node.As<SetOperation>().operation;
      copy->columns = node.As<SetOperation>().columns;
      return copy;
    }
    case NodeKind::kCteScan: {
      const auto& from = node.As<CteScan>();
      auto copy = std::make_unique<CteScan>();
      copy->cte = from.cte;
      copy->name = from.name;
      copy->source_columns = from.source_columns;
      return copy;
    }
    case NodeKind::kCteDefinition: {
      auto copy = std::make_unique<CteDefinition>();
      copy->cte = node.As<CteDefinition>().cte;
      copy->name = node.As<CteDefinition>().name;
      return copy;
    }
    case NodeKind::kRecursiveCte: {
      const auto& from = node.As<RecursiveCte>();
      auto copy = std::make_unique<RecursiveCte>();
      copy->cte = from.cte;
      copy->name = from.name;
      copy->seed_columns = from.seed_columns;
      copy->step_columns = from.step_columns;
      return copy;
    }
    case NodeKind::kInsert: {
      auto copy = std::make_unique<Insert>();
      copy->table = node.As<Insert>().table;
      copy->input = node.As<Insert>().input;
      copy->generated = node.As<Insert>().generated;
      return copy;
    }
    case NodeKind::kDelete: {
      auto copy = std::make_unique<Delete>();
      copy->table = node.As<Delete>().table;
      copy->row_id = node.As<Delete>().row_id;
      return copy;
    }
    case NodeKind::kUpdate: {
      const auto& from = node.As<Update>();
      auto copy = std::make_unique<Update>();
      copy->table = from.table;
      copy->row_id = from.row_id;
      copy->input = from.input;
      copy->error_on_multiple = from.error_on_multiple;
      return copy;
    }
    case NodeKind::kMerge: {
      const auto& from = node.As<Merge>();
      auto copy = std::make_unique<Merge>();
      copy->table = from.table;
      copy->row_id = from.row_id;
      copy->matched_delete = from.matched_delete;
      copy->input = from.input;
      copy->generated = from.generated;
      return copy;
    }
    case NodeKind::kCopy: {
      auto copy = std::make_unique<Copy>();
      copy->table = node.As<Copy>().table;
      copy->spec = node.As<Copy>().spec;
      copy->defaults = CloneAll(node.As<Copy>().defaults);
      return copy;
    }
    case NodeKind::kUnload: {
      auto copy = std::make_unique<Unload>();
      copy->spec = node.As<Unload>().spec;
      return copy;
    }
  }
  return nullptr;
}

}  // namespace

NodePtr Clone(const Node& node) {
  NodePtr copy = CloneSelf(node);
  copy->output = node.output;
  copy->estimate = node.estimate;
  copy->distribution = node.distribution;
  copy->children.reserve(node.children.size());
  for (const NodePtr& child : node.children) copy->children.push_back(Clone(*child));
  return copy;
}

void VisitExpressions(Node& node, const std::function<void(ExprPtr&)>& visit) {
  auto one = [&visit](ExprPtr& expr) {
    if (expr != nullptr) visit(expr);
  };
  auto all = [&one](std::vector<ExprPtr>& exprs) {
    for (ExprPtr& expr : exprs) one(expr);
  };
  auto keys = [&one](std::vector<SortKey>& sort_keys) {
    for (SortKey& key : sort_keys) one(key.expression);
  };
  auto pairs = [&one](std::vector<std::pair<ExprPtr, ExprPtr>>& equalities) {
    for (auto& [left, right] : equalities) {
      one(left);
      one(right);
    }
  };
  switch (node.kind) {
    case NodeKind::kScan: all(node.As<Scan>().conjuncts); break;
    case NodeKind::kValues:
      for (auto& row : node.As<Values>().rows) all(row);
      for (ComputedValue& value : node.As<Values>().computed) one(value.expression);
      break;
    case NodeKind::kFilter: one(node.As<Filter>().predicate); break;
    case NodeKind::kProject: all(node.As<Project>().expressions); break;
    case NodeKind::kAggregate:
      all(node.As<Aggregate>().keys);
      for (AggregateItem& item : node.As<Aggregate>().items) {
        all(item.args);
        keys(item.within_group);
      }
      break;
    case NodeKind::kJoin:
      pairs(node.As<Join>().equalities);
      one(node.As<Join>().residual);
      break;
    case NodeKind::kDependentJoin:
      pairs(node.As<DependentJoin>().equalities);
      one(node.As<DependentJoin>().residual);
      break;
    case NodeKind::kSort: keys(node.As<Sort>().keys); break;
    case NodeKind::kLimit:
      one(node.As<Limit>().limit);
      one(node.As<Limit>().offset);
      break;
    case NodeKind::kWindow:
      all(node.As<Window>().partition_by);
      keys(node.As<Window>().order_by);
      for (WindowItem& item : node.As<Window>().items) {
        all(item.args);
        keys(item.within_group);
      }
      break;
    case NodeKind::kCopy: all(node.As<Copy>().defaults); break;
    case NodeKind::kSourceScan:
    case NodeKind::kDistinct:
    case NodeKind::kSetOperation:
    case NodeKind::kCteScan:
    case NodeKind::kCteDefinition:
    case NodeKind::kRecursiveCte:
    case NodeKind::kInsert:
    case NodeKind::kDelete:
    case NodeKind::kUpdate:
    case NodeKind::kMerge:
    case NodeKind::kUnload: break;
  }
}

void VisitExpressions(const Node& node, const std::function<void(const expr::Expr&)>& visit) {
  // The mutable walk hands out references only; nothing is changed through them here.
  VisitExpressions(const_cast<Node&>(node), [&visit](ExprPtr& expr) { visit(*expr); });
}

}  // namespace vesto::logical
