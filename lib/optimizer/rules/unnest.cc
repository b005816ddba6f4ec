#include "optimizer/rules/unnest.h"

#include <algorithm>
#include <utility>

#include "base/stack_guard.h"
#include "base/status_macros.h"
#include "expr/evaluator.h"
#include "optimizer/nullability.h"
#include "optimizer/plan_edit.h"
#include "types/physical_type.h"
#include "types/type_rules.h"

namespace vesto::optimizer {
namespace {

using expr::ExprKind;
using expr::Op;
using logical::DependentJoin;
using logical::Join;
using logical::JoinType;

using Names = absl::flat_hash_map<ColumnId, ColumnId>;

absl::Status Unsupported() {
  return SqlError(SqlState::kFeatureNotSupported,
                  "This type of correlated subquery pattern is not supported due to internal error");
}

// What came out of a right side while its correlated predicates were pulled up.
struct Pulled {
  std::vector<ExprPtr> conjuncts;  // over the subquery's columns and the left side's
  // An aggregate without GROUP BY was on the way: where no row matches, its group is missing now,
  // and `defaults` says what each column would have been (absent: NULL).
  bool scalar = false;
  absl::flat_hash_map<ColumnId, ExprPtr> defaults;
  bool at_most_one = false;  // one row at most for each row of the left side
};

// The aggregate's value over no row at all.
ExprPtr ValueOverNothing(const logical::AggregateItem& item) {
  if (item.function->name.find("count") == std::string::npos) return nullptr;
  return expr::Constant(Value::OfInteger(item.type, 0));
}

Value ZeroOf(const Type& type) {
  if (types::IsFloating(type)) return Value::OfDouble(type, 0);
  switch (types::DefaultPhysicalType(type)) {
    case types::PhysicalType::kString: return Value::OfText(type, "");
    default: return Value::OfInteger(type, 0);
  }
}

ExprPtr Coalesce(ExprPtr first, ExprPtr second) {
  auto node = std::make_unique<Expr>();
  node->kind = ExprKind::kCoalesce;
  node->type = first->type;
  node->physical = types::DefaultPhysicalType(first->type);
  node->args.push_back(std::move(first));
  node->args.push_back(std::move(second));
  return node;
}

ExprPtr Case(ExprPtr when, ExprPtr then, ExprPtr otherwise) {
  auto node = std::make_unique<Expr>();
  node->kind = ExprKind::kCase;
  node->type = then->type;
  node->physical = types::DefaultPhysicalType(then->type);
  node->args.push_back(std::move(when));
  node->args.push_back(std::move(then));
  node->args.push_back(std::move(otherwise));
  return node;
}

bool IsExistence(JoinType type) {
  return type == JoinType::kSemi || type == JoinType::kAnti || type == JoinType::kMark ||
         type == JoinType::kNullAwareAnti;
}

class Unnester {
 public:
  Unnester(OptimizeContext& context, int next_cte) : context_(context), next_cte_(next_cte) {}

  absl::StatusOr<NodePtr> Visit(NodePtr node) {
    if (!base::HasStack()) {
      return SqlError(SqlState::kStatementTooComplex, "stack depth limit exceeded");
    }
    for (NodePtr& child : node->children) {
      VESTO_ASSIGN_OR_RETURN(child, Visit(std::move(child)));
    }
    RefreshOutput(*node);
    if (node->kind != NodeKind::kDependentJoin) return node;
    changed_ = true;
    return Process(std::move(node));
  }

  bool changed() const { return changed_; }

 private:
  ColumnId NewId() { return context_.next_column_id++; }

  // --- One dependent join -------------------------------------------------------------------------

  absl::StatusOr<NodePtr> Process(NodePtr node) {
    auto& join = node->As<DependentJoin>();
    if (IsExistence(join.type) && join.equalities.empty() && join.residual == nullptr) {
      StripForExistence(&join.children[1]);
    }
    const ColumnSet left = OutputSet(*join.children[0]);
    if (Correlated(*join.children[1], left).empty()) return Uncorrelated(join);
    InlineCorrelatedCtes(&join.children[1]);
    if (IsExistence(join.type) && OverScalarAggregate(*join.children[1])) {
      return ExistenceOverScalar(join);
    }
    NodePtr backup = logical::Clone(*join.children[1]);
    const ColumnSet correlated = Correlated(*join.children[1], left);
    Pulled pulled;
    if (PullUp(join.children[1], correlated, &pulled) &&
        Correlated(*join.children[1], left).empty() &&
        (!pulled.scalar || join.type == JoinType::kSingle || join.type == JoinType::kLeft ||
         join.type == JoinType::kInner)) {
      return WithConditions(join, std::move(pulled));
    }
    join.children[1] = std::move(backup);
    return WithDomain(join, correlated);
  }

  // The columns of `left` that the subtree uses.
  static ColumnSet Correlated(const Node& right, const ColumnSet& left) {
    ColumnSet result;
    for (ColumnId id : FreeColumns(right)) {
      if (left.contains(id)) result.insert(id);
    }
    return result;
  }

  // EXISTS asks for rows, not for what is in them.
  static void StripForExistence(NodePtr* right) {
    while (true) {
      Node& node = **right;
      bool strip = node.kind == NodeKind::kProject || node.kind == NodeKind::kSort ||
                   node.kind == NodeKind::kDistinct || node.kind == NodeKind::kWindow;
      if (node.kind == NodeKind::kLimit) {
        const auto& limit = node.As<logical::Limit>();
        strip = limit.offset == nullptr &&
                (limit.limit == nullptr ||
                 (limit.limit->is_constant() && !limit.limit->constant.is_null() &&
                  limit.limit->constant.integer() > 0));
      } else if (node.kind == NodeKind::kAggregate) {
        const auto& aggregate = node.As<logical::Aggregate>();
        strip = !aggregate.keys.empty() && aggregate.grouping_sets.empty();
      }
      if (!strip) return;
      NodePtr child = std::move(node.children[0]);
      *right = std::move(child);
    }
  }

  NodePtr Finish(DependentJoin& from, JoinType type) {
    auto join = std::make_unique<Join>();
    join->type = type;
    join->equalities = std::move(from.equalities);
    join->residual = std::move(from.residual);
    join->num_compared = from.num_compared;
    join->mark_id = from.mark_id;
    join->children = std::move(from.children);
    RefreshOutput(*join);
    return join;
  }

  absl::StatusOr<NodePtr> Uncorrelated(DependentJoin& from) {
    const Node& right = *from.children[1];
    JoinType type = from.type;
    if (type == JoinType::kSingle) {
      if (ExactlyOneRow(right) && from.equalities.empty() && from.residual == nullptr) {
        type = JoinType::kInner;
      } else if (AtMostOneRow(right)) {
        type = JoinType::kLeft;
      }
    } else if (IsExistence(type) && from.equalities.empty() && from.residual == nullptr) {
      if (!AtMostOneRow(right)) {
        auto limit = std::make_unique<logical::Limit>();
        limit->limit = expr::Constant(Value::Bigint(1));
        limit->output = right.output;
        limit->children.push_back(std::move(from.children[1]));
        from.children[1] = std::move(limit);
      }
      if (type == JoinType::kNullAwareAnti) type = JoinType::kAnti;
    }
    return Finish(from, type);
  }

  // A path of row-wise operators down to an aggregate without GROUP BY.
  static bool OverScalarAggregate(const Node& node) {
    switch (node.kind) {
      case NodeKind::kAggregate: return AtMostOneRow(node);
      case NodeKind::kFilter:
      case NodeKind::kProject:
      case NodeKind::kSort:
      case NodeKind::kDistinct:
      case NodeKind::kLimit: return OverScalarAggregate(*node.children[0]);
      default: return false;
    }
  }

  // IN and EXISTS over at most one row: the row is attached, then compared.
  absl::StatusOr<NodePtr> ExistenceOverScalar(DependentJoin& from) {
    const OutputColumn exists{NewId(), Type::Boolean(), "exists"};
    std::vector<ExprPtr> expressions;
    std::vector<OutputColumn> output;
    for (const OutputColumn& column : from.children[1]->output) {
      expressions.push_back(ColumnOf(column));
      output.push_back(column);
    }
    expressions.push_back(expr::Constant(Value::Boolean(true)));
    output.push_back(exists);
    const std::vector<OutputColumn> left_output = from.children[0]->output;
    auto single = std::make_unique<DependentJoin>();
    single->type = JoinType::kSingle;
    single->children.push_back(std::move(from.children[0]));
    single->children.push_back(
        MakeProject(std::move(from.children[1]), std::move(expressions), std::move(output)));
    RefreshOutput(*single);
    VESTO_ASSIGN_OR_RETURN(NodePtr attached, Process(std::move(single)));

    std::vector<ExprPtr> tests;
    for (auto& [l, r] : from.equalities) {
      tests.push_back(expr::Compare(Op::kEqual, std::move(l), std::move(r)));
    }
    if (from.residual != nullptr) tests.push_back(std::move(from.residual));
    ExprPtr matches = expr::And(std::move(tests));  // TRUE where there is nothing to compare
    std::vector<ExprPtr> condition;
    switch (from.type) {
      case JoinType::kSemi:
        condition.push_back(expr::IsNull(ColumnOf(exists), true));
        condition.push_back(std::move(matches));
        break;
      case JoinType::kAnti:
        condition.push_back(expr::Not(Coalesce(
            Case(expr::IsNull(ColumnOf(exists), false), expr::Constant(Value::Boolean(false)),
                 std::move(matches)),
            expr::Constant(Value::Boolean(false)))));
        break;
      case JoinType::kNullAwareAnti:
        condition.push_back(
            expr::Not(Case(expr::IsNull(ColumnOf(exists), false),
                           expr::Constant(Value::Boolean(false)), std::move(matches))));
        break;
      default: {  // kMark
        std::vector<ExprPtr> values;
        std::vector<OutputColumn> marked;
        for (const OutputColumn& column : left_output) {
          values.push_back(ColumnOf(column));
          marked.push_back(column);
        }
        values.push_back(Case(expr::IsNull(ColumnOf(exists), false),
                              expr::Constant(Value::Boolean(false)), std::move(matches)));
        marked.push_back({from.mark_id, Type::Boolean(), "mark"});
        return MakeProject(std::move(attached), std::move(values), std::move(marked));
      }
    }
    NodePtr filter = MakeFilter(std::move(attached), std::move(condition));
    std::vector<ExprPtr> values;
    for (const OutputColumn& column : left_output) values.push_back(ColumnOf(column));
    return MakeProject(std::move(filter), std::move(values), left_output);
  }

  // --- Pulled-up conditions -----------------------------------------------------------------------

  absl::StatusOr<NodePtr> WithConditions(DependentJoin& from, Pulled pulled) {
    const ColumnSet left = OutputSet(*from.children[0]);
    const ColumnSet right = OutputSet(*from.children[1]);
    std::vector<ExprPtr> residual;
    if (from.residual != nullptr) residual.push_back(std::move(from.residual));
    const Expr* marker = nullptr;
    for (ExprPtr& conjunct : pulled.conjuncts) {
      if (conjunct->kind == ExprKind::kCompare && conjunct->op == Op::kEqual) {
        ExprPtr& a = conjunct->args[0];
        ExprPtr& b = conjunct->args[1];
        const bool straight = UsesOnly(*a, left) && UsesAny(*a, left) && UsesOnly(*b, right) &&
                              UsesAny(*b, right);
        const bool swapped = UsesOnly(*b, left) && UsesAny(*b, left) && UsesOnly(*a, right) &&
                             UsesAny(*a, right);
        if (straight || swapped) {
          if (swapped) std::swap(a, b);
          from.equalities.emplace_back(std::move(a), std::move(b));
          conjunct->args.clear();
          const Expr& key = *from.equalities.back().second;
          if (marker == nullptr && key.is_column()) marker = &key;
          continue;
        }
      }
      residual.push_back(std::move(conjunct));
    }
    if (!residual.empty()) from.residual = expr::And(std::move(residual));

    JoinType type = from.type;
    if (type == JoinType::kSingle && (pulled.scalar || pulled.at_most_one)) type = JoinType::kLeft;
    if (type == JoinType::kInner && pulled.scalar) type = JoinType::kLeft;
    if (!pulled.scalar || pulled.defaults.empty()) {
      return Finish(from, type);
    }

    // Columns with a value over nothing get it where no group matched.
    const std::vector<OutputColumn> wanted = from.children[1]->output;
    ExprPtr is_missing = marker != nullptr ? expr::IsNull(marker->Clone(), false) : nullptr;
    Names inner_names;
    std::vector<ExprPtr> inner;
    std::vector<OutputColumn> inner_output;
    for (const OutputColumn& column : wanted) {
      inner.push_back(ColumnOf(column));
      OutputColumn named = column;
      if (pulled.defaults.contains(column.id)) {
        named.id = NewId();
        inner_names[column.id] = named.id;
      }
      inner_output.push_back(named);
    }
    if (is_missing == nullptr) {
      inner.push_back(expr::Constant(Value::Boolean(true)));
      inner_output.push_back({NewId(), Type::Boolean(), "exists"});
      is_missing = expr::IsNull(ColumnOf(inner_output.back()), false);
    }
    from.children[1] =
        MakeProject(std::move(from.children[1]), std::move(inner), std::move(inner_output));
    const std::vector<OutputColumn> left_output = from.children[0]->output;
    NodePtr join = Finish(from, type);
    std::vector<ExprPtr> values;
    std::vector<OutputColumn> output;
    for (const OutputColumn& column : left_output) {
      values.push_back(ColumnOf(column));
      output.push_back(column);
    }
    for (const OutputColumn& column : wanted) {
      ExprPtr value = ColumnOf(column);
      RenameUses(value, inner_names);
      if (const auto it = pulled.defaults.find(column.id); it != pulled.defaults.end()) {
        value = Case(is_missing->Clone(), std::move(it->second), std::move(value));
      }
      values.push_back(std::move(value));
      output.push_back(column);
    }
    return MakeProject(std::move(join), std::move(values), std::move(output));
  }

  // The side of an equality that has no column of `correlated`; null where there is none, or where
  // the other side has more than those.
  static ExprPtr* InnerSide(Expr& conjunct, const ColumnSet& correlated) {
    if (conjunct.kind != ExprKind::kCompare || conjunct.op != Op::kEqual) return nullptr;
    for (int side = 0; side < 2; ++side) {
      const Expr& inner = *conjunct.args[side];
      const Expr& outer = *conjunct.args[1 - side];
      if (!UsesAny(inner, correlated) && UsesOnly(outer, correlated) &&
          !ColumnsOf(inner).empty()) {
        return &conjunct.args[side];
      }
    }
    return nullptr;
  }

  static bool OnlyOuter(const Expr& conjunct, const ColumnSet& correlated) {
    return UsesOnly(conjunct, correlated);
  }

  // Equalities and conditions on the left side alone: what treats all rows of a group alike.
  static bool AllPassGroups(Pulled& pulled, const ColumnSet& correlated) {
    return std::all_of(pulled.conjuncts.begin(), pulled.conjuncts.end(), [&](ExprPtr& conjunct) {
      return OnlyOuter(*conjunct, correlated) || InnerSide(*conjunct, correlated) != nullptr;
    });
  }

  static bool NodeUses(const Node& node, const ColumnSet& correlated) {
    bool uses = false;
    logical::VisitExpressions(
        node, [&](const Expr& expr) { uses = uses || UsesAny(expr, correlated); });
    return uses;
  }

  // Takes the correlated predicates out of the subtree. False: it cannot be done this way, and the
  // subtree is in no useful state any more.
  bool PullUp(NodePtr& node, const ColumnSet& correlated, Pulled* pulled) {
    if (!base::HasStack()) return false;
    if (!Intersects(FreeColumns(*node), correlated)) return true;
    switch (node->kind) {
      case NodeKind::kFilter: {
        auto& filter = node->As<logical::Filter>();
        if (!PullUp(node->children[0], correlated, pulled)) return false;
        if (pulled->scalar) return false;
        std::vector<ExprPtr> kept;
        for (ExprPtr& conjunct : expr::SplitConjuncts(std::move(filter.predicate))) {
          (UsesAny(*conjunct, correlated) ? pulled->conjuncts : kept)
              .push_back(std::move(conjunct));
        }
        node = MakeFilter(std::move(node->children[0]), std::move(kept));
        return true;
      }
      case NodeKind::kProject: {
        auto& project = node->As<logical::Project>();
        if (NodeUses(*node, correlated)) return false;
        if (!PullUp(node->children[0], correlated, pulled)) return false;
        PassThrough(project, *pulled, correlated);
        if (pulled->scalar) {
          absl::flat_hash_map<ColumnId, ExprPtr> defaults;
          ColumnSet made = OutputSet(*node->children[0]);
          for (size_t i = 0; i < project.expressions.size(); ++i) {
            ExprPtr value = OverNothing(*project.expressions[i], pulled->defaults, made);
            if (value->is_constant() && value->constant.is_null()) continue;
            defaults[project.output[i].id] = std::move(value);
          }
          pulled->defaults = std::move(defaults);
        }
        return true;
      }
      case NodeKind::kAggregate: return PullUpAggregate(node, correlated, pulled);
      case NodeKind::kJoin: return PullUpJoin(node->As<Join>(), correlated, pulled);
      case NodeKind::kDistinct: {
        if (!PullUp(node->children[0], correlated, pulled)) return false;
        for (ExprPtr& conjunct : pulled->conjuncts) {
          if (OnlyOuter(*conjunct, correlated)) continue;
          const ExprPtr* inner = InnerSide(*conjunct, correlated);
          if (inner == nullptr || !(*inner)->is_column()) return false;
        }
        RefreshOutput(*node);
        return true;
      }
      case NodeKind::kSort: {
        if (NodeUses(*node, correlated)) return false;
        NodePtr child = std::move(node->children[0]);
        node = std::move(child);
        return PullUp(node, correlated, pulled);
      }
      case NodeKind::kLimit: return PullUpLimit(node, correlated, pulled);
      case NodeKind::kCteDefinition:
        if (Intersects(FreeColumns(*node->children[0]), correlated)) return false;
        if (!PullUp(node->children[1], correlated, pulled)) return false;
        RefreshOutput(*node);
        return true;
      default: return false;
    }
  }

  // `expr` where its aggregate saw no row.
  ExprPtr OverNothing(const Expr& expr, const absl::flat_hash_map<ColumnId, ExprPtr>& defaults,
                      const ColumnSet& made) {
    ExprPtr value = expr::Transform(expr.Clone(), [&](Expr& node) -> ExprPtr {
      if (!node.is_column() || !made.contains(node.column)) return nullptr;
      const auto it = defaults.find(node.column);
      return it != defaults.end() ? it->second->Clone()
                                  : expr::Constant(Value::Null(node.type));
    });
    return expr::FoldConstants(std::move(value), context_.eval);
  }

  // The columns that pulled conditions need stay visible above a projection.
  static void PassThrough(logical::Project& project, const Pulled& pulled,
                          const ColumnSet& correlated) {
    ColumnSet needed;
    for (const ExprPtr& conjunct : pulled.conjuncts) expr::CollectColumns(*conjunct, &needed);
    for (const OutputColumn& column : project.children[0]->output) {
      if (!needed.contains(column.id) || correlated.contains(column.id)) continue;
      if (project.FindOutput(column.id) != nullptr) continue;
      project.expressions.push_back(ColumnOf(column));
      project.output.push_back(column);
    }
  }

  bool PullUpAggregate(NodePtr& node, const ColumnSet& correlated, Pulled* pulled) {
    auto& aggregate = node->As<logical::Aggregate>();
    if (!aggregate.grouping_sets.empty() || NodeUses(*node, correlated)) return false;
    if (!PullUp(node->children[0], correlated, pulled) || pulled->scalar ||
        !AllPassGroups(*pulled, correlated)) {
      return false;
    }
    const bool scalar = aggregate.keys.empty();
    for (ExprPtr& conjunct : pulled->conjuncts) {
      ExprPtr* inner = InnerSide(*conjunct, correlated);
      if (inner == nullptr) continue;
      size_t key = 0;
      while (key < aggregate.keys.size() && !aggregate.keys[key]->Equals(**inner)) ++key;
      if (key == aggregate.keys.size()) {
        aggregate.keys.push_back((*inner)->Clone());
        aggregate.key_ids.push_back(NewId());
      }
      *inner = expr::Column(aggregate.key_ids[key], (*inner)->type, (*inner)->name);
    }
    if (scalar) {
      pulled->scalar = true;
      pulled->at_most_one = true;
      for (const logical::AggregateItem& item : aggregate.items) {
        if (ExprPtr value = ValueOverNothing(item)) pulled->defaults[item.id] = std::move(value);
      }
    }
    RefreshOutput(*node);
    return true;
  }

  bool PullUpJoin(Join& join, const ColumnSet& correlated, Pulled* pulled) {
    const bool left = Intersects(FreeColumns(*join.children[0]), correlated);
    const bool right = Intersects(FreeColumns(*join.children[1]), correlated);
    const bool own = NodeUses(join, correlated);
    if (join.type == JoinType::kInner) {
      for (NodePtr& child : join.children) {
        Pulled part;
        if (!PullUp(child, correlated, &part) || part.scalar) return false;
        for (ExprPtr& conjunct : part.conjuncts) pulled->conjuncts.push_back(std::move(conjunct));
      }
      if (own) {
        std::vector<std::pair<ExprPtr, ExprPtr>> equalities;
        for (auto& [l, r] : join.equalities) {
          if (UsesAny(*l, correlated) || UsesAny(*r, correlated)) {
            pulled->conjuncts.push_back(expr::Compare(Op::kEqual, std::move(l), std::move(r)));
          } else {
            equalities.emplace_back(std::move(l), std::move(r));
          }
        }
        join.equalities = std::move(equalities);
        std::vector<ExprPtr> kept;
        for (ExprPtr& conjunct : expr::SplitConjuncts(std::move(join.residual))) {
          (UsesAny(*conjunct, correlated) ? pulled->conjuncts : kept)
              .push_back(std::move(conjunct));
        }
        join.residual = kept.empty() ? nullptr : expr::And(std::move(kept));
      }
    } else {
      const bool mirrored = join.type == JoinType::kRight;
      if (own || join.type == JoinType::kFull || (mirrored ? left : right)) return false;
      Pulled part;
      if (!PullUp(join.children[mirrored ? 1 : 0], correlated, &part) || part.scalar) return false;
      for (ExprPtr& conjunct : part.conjuncts) pulled->conjuncts.push_back(std::move(conjunct));
    }
    RefreshOutput(join);
    return true;
  }

  bool PullUpLimit(NodePtr& node, const ColumnSet& correlated, Pulled* pulled) {
    auto& limit = node->As<logical::Limit>();
    if (NodeUses(*node, correlated)) return false;
    std::vector<logical::SortKey> order;
    NodePtr child = std::move(node->children[0]);
    if (child->kind == NodeKind::kSort) {
      if (NodeUses(*child, correlated)) return false;
      order = std::move(child->As<logical::Sort>().keys);
      NodePtr input = std::move(child->children[0]);
      child = std::move(input);
    }
    if (!PullUp(child, correlated, pulled) || pulled->scalar ||
        !AllPassGroups(*pulled, correlated)) {
      return false;
    }
    std::vector<ExprPtr> partition;
    for (ExprPtr& conjunct : pulled->conjuncts) {
      if (ExprPtr* inner = InnerSide(*conjunct, correlated)) partition.push_back((*inner)->Clone());
    }
    if (limit.limit != nullptr && limit.limit->is_constant() && limit.offset == nullptr &&
        !limit.limit->constant.is_null() && limit.limit->constant.integer() <= 1) {
      pulled->at_most_one = true;
    }
    node = LimitPerGroup(std::move(child), std::move(partition), std::move(order),
                         std::move(limit.limit), std::move(limit.offset));
    return true;
  }

  // The first rows of each partition, by a row number.
  NodePtr LimitPerGroup(NodePtr input, std::vector<ExprPtr> partition,
                        std::vector<logical::SortKey> order, ExprPtr limit, ExprPtr offset) {
    auto window = std::make_unique<logical::Window>();
    window->partition_by = std::move(partition);
    window->order_by = std::move(order);
    logical::WindowItem item;
    item.kind = logical::WindowFunctionKind::kRowNumber;
    item.type = Type::Bigint();
    item.id = NewId();
    item.name = "row number";
    const OutputColumn number{item.id, item.type, item.name};
    window->items.push_back(std::move(item));
    window->children.push_back(std::move(input));
    RefreshOutput(*window);
    std::vector<ExprPtr> conditions;
    if (offset != nullptr) {
      conditions.push_back(expr::Compare(Op::kGreater, ColumnOf(number), offset->Clone()));
    }
    if (limit != nullptr) {
      ExprPtr last = offset == nullptr
                         ? std::move(limit)
                         : expr::Arithmetic(Op::kAdd, std::move(limit), std::move(offset));
      conditions.push_back(expr::Compare(Op::kLessEqual, ColumnOf(number), std::move(last)));
    }
    return MakeFilter(std::move(window), std::move(conditions));
  }

  // --- Domains ------------------------------------------------------------------------------------

  struct Domain {
    int cte = 0;
    std::vector<OutputColumn> columns;  // of the left side
    ColumnSet ids;
    absl::flat_hash_map<ColumnId, bool> nullable;
  };

  absl::StatusOr<NodePtr> WithDomain(DependentJoin& from, const ColumnSet& correlated) {
    if (HasVolatile(*from.children[1])) return Unsupported();
    Domain domain;
    domain.cte = next_cte_++;
    const ColumnSet not_null = NotNullColumns(*from.children[0]);
    for (const OutputColumn& column : from.children[0]->output) {
      if (!correlated.contains(column.id)) continue;
      domain.columns.push_back(column);
      domain.ids.insert(column.id);
      domain.nullable[column.id] = !not_null.contains(column.id);
    }
    auto definition = std::make_unique<logical::CteDefinition>();
    definition->cte = domain.cte;
    definition->name = "outer";
    auto scan = std::make_unique<logical::CteScan>();
    scan->cte = domain.cte;
    scan->name = "outer";
    scan->output = from.children[0]->output;
    for (const OutputColumn& column : scan->output) scan->source_columns.push_back(column.id);
    definition->children.push_back(std::move(from.children[0]));
    from.children[0] = std::move(scan);

    JoinType type = from.type;
    if (type == JoinType::kSingle && AtMostOneRow(*from.children[1])) type = JoinType::kLeft;
    Names names;
    VESTO_ASSIGN_OR_RETURN(from.children[1],
                           PushDomain(std::move(from.children[1]), domain, &names));
    for (const OutputColumn& column : domain.columns) {
      AddNullSafeEquality(column, names.at(column.id), domain.nullable.at(column.id),
                          &from.equalities);
    }
    NodePtr join = Finish(from, type);
    definition->children.push_back(std::move(join));
    RefreshOutput(*definition);
    return definition;
  }

  // column = other, where NULL equals NULL.
  static void AddNullSafeEquality(const OutputColumn& column, ColumnId other, bool nullable,
                                  std::vector<std::pair<ExprPtr, ExprPtr>>* equalities) {
    ExprPtr left = ColumnOf(column);
    ExprPtr right = expr::Column(other, column.type, column.name);
    if (!nullable) {
      equalities->emplace_back(std::move(left), std::move(right));
      return;
    }
    equalities->emplace_back(Coalesce(left->Clone(), expr::Constant(ZeroOf(column.type))),
                             Coalesce(right->Clone(), expr::Constant(ZeroOf(column.type))));
    equalities->emplace_back(expr::IsNull(std::move(left), false),
                             expr::IsNull(std::move(right), false));
  }

  // The distinct values of the domain's columns, under new names.
  NodePtr NewDomain(const Domain& domain, Names* names) {
    auto scan = std::make_unique<logical::CteScan>();
    scan->cte = domain.cte;
    scan->name = "outer";
    for (const OutputColumn& column : domain.columns) {
      OutputColumn named = column;
      named.id = NewId();
      (*names)[column.id] = named.id;
      scan->output.push_back(named);
      scan->source_columns.push_back(column.id);
    }
    auto distinct = std::make_unique<logical::Distinct>();
    distinct->children.push_back(std::move(scan));
    RefreshOutput(*distinct);
    return distinct;
  }

  static void RenameOwn(Node& node, const Names& names) {
    logical::VisitExpressions(node, [&names](ExprPtr& expr) { RenameUses(expr, names); });
  }

  std::vector<OutputColumn> DomainOutput(const Domain& domain, const Names& names) {
    std::vector<OutputColumn> output;
    for (const OutputColumn& column : domain.columns) {
      output.push_back({names.at(column.id), column.type, column.name});
    }
    return output;
  }

  // domain x node, pushed down to where its columns are used. `names`: what the domain's columns are
  // called in the result.
  absl::StatusOr<NodePtr> PushDomain(NodePtr node, const Domain& domain, Names* names) {
    if (!base::HasStack()) {
      return SqlError(SqlState::kStatementTooComplex, "stack depth limit exceeded");
    }
    if (!Intersects(FreeColumns(*node), domain.ids)) {
      NodePtr values = NewDomain(domain, names);
      if (node->kind == NodeKind::kValues && node->output.empty() &&
          node->As<logical::Values>().num_rows() == 1) {
        return values;
      }
      return NodePtr(MakeJoin(JoinType::kInner, std::move(values), std::move(node)));
    }
    switch (node->kind) {
      case NodeKind::kFilter:
      case NodeKind::kDistinct: {
        VESTO_ASSIGN_OR_RETURN(node->children[0],
                               PushDomain(std::move(node->children[0]), domain, names));
        RenameOwn(*node, *names);
        RefreshOutput(*node);
        return node;
      }
      case NodeKind::kSort: return PushDomain(std::move(node->children[0]), domain, names);
      case NodeKind::kProject: {
        auto& project = node->As<logical::Project>();
        VESTO_ASSIGN_OR_RETURN(node->children[0],
                               PushDomain(std::move(node->children[0]), domain, names));
        RenameOwn(*node, *names);
        for (const OutputColumn& column : DomainOutput(domain, *names)) {
          project.expressions.push_back(ColumnOf(column));
          project.output.push_back(column);
        }
        return node;
      }
      case NodeKind::kValues: return PushIntoValues(std::move(node), domain, names);
      case NodeKind::kAggregate: return PushIntoAggregate(std::move(node), domain, names);
      case NodeKind::kJoin: return PushIntoJoin(std::move(node), domain, names);
      case NodeKind::kWindow: {
        auto& window = node->As<logical::Window>();
        VESTO_ASSIGN_OR_RETURN(node->children[0],
                               PushDomain(std::move(node->children[0]), domain, names));
        RenameOwn(*node, *names);
        for (const OutputColumn& column : DomainOutput(domain, *names)) {
          window.partition_by.push_back(ColumnOf(column));
        }
        RefreshOutput(*node);
        return node;
      }
      case NodeKind::kLimit: {
        auto& limit = node->As<logical::Limit>();
        NodePtr child = std::move(node->children[0]);
        std::vector<logical::SortKey> order;
        if (child->kind == NodeKind::kSort) {
          order = std::move(child->As<logical::Sort>().keys);
          NodePtr input = std::move(child->children[0]);
          child = std::move(input);
        }
        VESTO_ASSIGN_OR_RETURN(child, PushDomain(std::move(child), domain, names));
        for (logical::SortKey& key : order) RenameUses(key.expression, *names);
        std::vector<ExprPtr> partition;
        for (const OutputColumn& column : DomainOutput(domain, *names)) {
          partition.push_back(ColumnOf(column));
        }
        return LimitPerGroup(std::move(child), std::move(partition), std::move(order),
                             std::move(limit.limit), std::move(limit.offset));
      }
      case NodeKind::kSetOperation: {
        auto& set = node->As<logical::SetOperation>();
        for (size_t i = 0; i < node->children.size(); ++i) {
          Names part;
          VESTO_ASSIGN_OR_RETURN(node->children[i],
                                 PushDomain(std::move(node->children[i]), domain, &part));
          for (const OutputColumn& column : domain.columns) {
            set.columns[i].push_back(part.at(column.id));
          }
        }
        for (const OutputColumn& column : domain.columns) {
          (*names)[column.id] = NewId();
          set.output.push_back({names->at(column.id), column.type, column.name});
        }
        return node;
      }
      case NodeKind::kCteDefinition: {
        if (Intersects(FreeColumns(*node->children[0]), domain.ids)) return Unsupported();
        VESTO_ASSIGN_OR_RETURN(node->children[1],
                               PushDomain(std::move(node->children[1]), domain, names));
        RefreshOutput(*node);
        return node;
      }
      case NodeKind::kRecursiveCte: return PushIntoRecursion(std::move(node), domain, names);
      default: return Unsupported();
    }
  }

  // The seed starts from every value of the domain, and each round carries it on.
  absl::StatusOr<NodePtr> PushIntoRecursion(NodePtr node, const Domain& domain, Names* names) {
    auto& recursion = node->As<logical::RecursiveCte>();
    if (Intersects(FreeColumns(*node->children[1]), domain.ids)) return Unsupported();
    Names seed;
    VESTO_ASSIGN_OR_RETURN(node->children[0],
                           PushDomain(std::move(node->children[0]), domain, &seed));
    std::vector<OutputColumn> sources;
    for (const OutputColumn& column : domain.columns) {
      (*names)[column.id] = NewId();
      sources.push_back({names->at(column.id), column.type, column.name});
      recursion.seed_columns.push_back(seed.at(column.id));
      recursion.output.push_back(sources.back());
    }
    std::vector<OutputColumn> carried;
    if (!CarryUp(*node->children[1], recursion.cte, sources, &carried) || carried.empty()) {
      return Unsupported();
    }
    for (const OutputColumn& column : carried) recursion.step_columns.push_back(column.id);
    return node;
  }

  // Makes the scan of `cte` yield `sources` too, and every node above it pass them on: as `carried`.
  // False where a node cannot; `carried` stays empty where there is no such scan.
  bool CarryUp(Node& node, int cte, const std::vector<OutputColumn>& sources,
               std::vector<OutputColumn>* carried) {
    if (node.kind == NodeKind::kCteScan && node.As<logical::CteScan>().cte == cte) {
      auto& scan = node.As<logical::CteScan>();
      for (const OutputColumn& source : sources) {
        carried->push_back({NewId(), source.type, source.name});
        scan.output.push_back(carried->back());
        scan.source_columns.push_back(source.id);
      }
      return true;
    }
    for (NodePtr& child : node.children) {
      std::vector<OutputColumn> found;
      if (!CarryUp(*child, cte, sources, &found)) return false;
      if (found.empty()) continue;
      if (!carried->empty()) return false;  // two scans of one round: not linear
      *carried = std::move(found);
    }
    if (carried->empty()) return true;
    switch (node.kind) {
      case NodeKind::kFilter:
      case NodeKind::kJoin: RefreshOutput(node); break;
      case NodeKind::kProject:
        for (const OutputColumn& column : *carried) {
          node.As<logical::Project>().expressions.push_back(ColumnOf(column));
          node.output.push_back(column);
        }
        break;
      default: return false;
    }
    return std::all_of(carried->begin(), carried->end(), [&node](const OutputColumn& column) {
      return std::any_of(node.output.begin(), node.output.end(),
                         [&column](const OutputColumn& out) { return out.id == column.id; });
    });
  }

  absl::StatusOr<NodePtr> PushIntoValues(NodePtr node, const Domain& domain, Names* names) {
    auto& values = node->As<logical::Values>();
    // Each row is a projection of the domain; several rows are their union.
    auto all = std::make_unique<logical::SetOperation>();
    for (auto& row : values.rows) {
      Names part;
      NodePtr source = NewDomain(domain, &part);
      std::vector<OutputColumn> output;
      for (size_t i = 0; i < row.size(); ++i) {
        RenameUses(row[i], part);
        output.push_back(values.output[i]);
        if (values.rows.size() > 1) output.back().id = NewId();
      }
      for (const OutputColumn& column : DomainOutput(domain, part)) {
        row.push_back(ColumnOf(column));
        output.push_back(column);
      }
      NodePtr project = MakeProject(std::move(source), std::move(row), std::move(output));
      if (values.rows.size() == 1) {
        *names = std::move(part);
        return project;
      }
      std::vector<ColumnId> ids;
      for (const OutputColumn& column : project->output) ids.push_back(column.id);
      all->columns.push_back(std::move(ids));
      all->children.push_back(std::move(project));
    }
    all->output = values.output;
    for (const OutputColumn& column : domain.columns) {
      (*names)[column.id] = NewId();
      all->output.push_back({names->at(column.id), column.type, column.name});
    }
    return NodePtr(std::move(all));
  }

  absl::StatusOr<NodePtr> PushIntoAggregate(NodePtr node, const Domain& domain, Names* names) {
    auto& aggregate = node->As<logical::Aggregate>();
    if (!aggregate.grouping_sets.empty()) return Unsupported();
    const bool scalar = aggregate.keys.empty();
    const std::vector<OutputColumn> before = node->output;
    Names below;
    VESTO_ASSIGN_OR_RETURN(node->children[0],
                           PushDomain(std::move(node->children[0]), domain, &below));
    RenameOwn(*node, below);
    Names grouped;
    for (const OutputColumn& column : DomainOutput(domain, below)) {
      aggregate.keys.push_back(ColumnOf(column));
      aggregate.key_ids.push_back(NewId());
    }
    for (size_t i = 0; i < domain.columns.size(); ++i) {
      grouped[domain.columns[i].id] =
          aggregate.key_ids[aggregate.key_ids.size() - domain.columns.size() + i];
    }
    // Counts over no row are 0, which the left join below would make NULL.
    Names hidden;
    if (scalar) {
      for (logical::AggregateItem& item : aggregate.items) {
        if (ValueOverNothing(item) == nullptr) continue;
        hidden[item.id] = NewId();
        item.id = hidden[item.id];
      }
    }
    RefreshOutput(*node);
    if (!scalar) {
      *names = std::move(grouped);
      return node;
    }
    NodePtr values = NewDomain(domain, names);
    auto join = std::make_unique<Join>();
    join->type = JoinType::kLeft;
    for (const OutputColumn& column : domain.columns) {
      AddNullSafeEquality({names->at(column.id), column.type, column.name}, grouped.at(column.id),
                          domain.nullable.at(column.id), &join->equalities);
    }
    join->children.push_back(std::move(values));
    join->children.push_back(std::move(node));
    RefreshOutput(*join);
    std::vector<ExprPtr> expressions;
    std::vector<OutputColumn> output;
    for (const OutputColumn& column : before) {
      ExprPtr value = ColumnOf(column);
      if (const auto it = hidden.find(column.id); it != hidden.end()) {
        value->column = it->second;
        value = Coalesce(std::move(value), expr::Constant(Value::OfInteger(column.type, 0)));
      }
      expressions.push_back(std::move(value));
      output.push_back(column);
    }
    for (const OutputColumn& column : DomainOutput(domain, *names)) {
      expressions.push_back(ColumnOf(column));
      output.push_back(column);
    }
    return MakeProject(std::move(join), std::move(expressions), std::move(output));
  }

  absl::StatusOr<NodePtr> PushIntoJoin(NodePtr node, const Domain& domain, Names* names) {
    auto& join = node->As<Join>();
    const bool right_uses = Intersects(FreeColumns(*join.children[1]), domain.ids);
    const bool left_uses = Intersects(FreeColumns(*join.children[0]), domain.ids);
    const bool own = NodeUses(join, domain.ids);
    if (join.type == JoinType::kRight) {
      std::swap(join.children[0], join.children[1]);
      for (auto& [l, r] : join.equalities) std::swap(l, r);
      join.type = JoinType::kLeft;
      return PushIntoJoin(std::move(node), domain, names);
    }
    const bool into_left =
        left_uses || join.type != JoinType::kInner || (own && !right_uses);
    const bool into_right = right_uses || join.type == JoinType::kFull;
    Names left_names, right_names;
    if (into_left) {
      VESTO_ASSIGN_OR_RETURN(join.children[0],
                             PushDomain(std::move(join.children[0]), domain, &left_names));
    }
    if (into_right) {
      VESTO_ASSIGN_OR_RETURN(join.children[1],
                             PushDomain(std::move(join.children[1]), domain, &right_names));
    }
    const Names& used = into_left ? left_names : right_names;
    for (auto& [l, r] : join.equalities) {
      RenameUses(l, into_left ? left_names : right_names);
      RenameUses(r, into_right ? right_names : left_names);
    }
    if (join.residual != nullptr) RenameUses(join.residual, used);
    MoveMixedEqualities(join);
    if (into_left && into_right) {
      for (const OutputColumn& column : domain.columns) {
        AddNullSafeEquality({left_names.at(column.id), column.type, column.name},
                            right_names.at(column.id), domain.nullable.at(column.id),
                            &join.equalities);
      }
    }
    RefreshOutput(join);
    if (join.type != JoinType::kFull) {
      *names = used;
      return node;
    }
    // Either side may be padded: the domain's values come from the one that is not.
    std::vector<ExprPtr> expressions;
    std::vector<OutputColumn> output;
    for (const OutputColumn& column : join.output) {
      expressions.push_back(ColumnOf(column));
      output.push_back(column);
    }
    for (const OutputColumn& column : domain.columns) {
      (*names)[column.id] = NewId();
      expressions.push_back(
          Coalesce(expr::Column(left_names.at(column.id), column.type, column.name),
                   expr::Column(right_names.at(column.id), column.type, column.name)));
      output.push_back({names->at(column.id), column.type, column.name});
    }
    return MakeProject(std::move(node), std::move(expressions), std::move(output));
  }

  // Equalities whose sides see the wrong child after renaming become residual conditions.
  static void MoveMixedEqualities(Join& join) {
    const ColumnSet left = OutputSet(*join.children[0]);
    const ColumnSet right = OutputSet(*join.children[1]);
    std::vector<std::pair<ExprPtr, ExprPtr>> kept;
    std::vector<ExprPtr> residual;
    if (join.residual != nullptr) residual.push_back(std::move(join.residual));
    for (auto& [l, r] : join.equalities) {
      if (UsesOnly(*l, left) && UsesOnly(*r, right)) {
        kept.emplace_back(std::move(l), std::move(r));
      } else {
        residual.push_back(expr::Compare(Op::kEqual, std::move(l), std::move(r)));
      }
    }
    join.equalities = std::move(kept);
    join.residual = residual.empty() ? nullptr : expr::And(std::move(residual));
  }

  // --- Common table expressions inside the right side ------------------------------------------------

  void InlineCorrelatedCtes(NodePtr* node) {
    for (NodePtr& child : (*node)->children) InlineCorrelatedCtes(&child);
    if ((*node)->kind != NodeKind::kCteDefinition) return;
    if (FreeColumns(*(*node)->children[0]).empty()) return;
    auto& definition = (*node)->As<logical::CteDefinition>();
    ReplaceScans(&definition.children[1], definition.cte, *definition.children[0]);
    NodePtr query = std::move(definition.children[1]);
    *node = std::move(query);
  }

  void ReplaceScans(NodePtr* node, int cte, const Node& definition) {
    for (NodePtr& child : (*node)->children) ReplaceScans(&child, cte, definition);
    if ((*node)->kind != NodeKind::kCteScan || (*node)->As<logical::CteScan>().cte != cte) return;
    auto& scan = (*node)->As<logical::CteScan>();
    Names names;
    NodePtr copy = CloneFresh(definition, &context_.next_column_id, &next_cte_, &names);
    std::vector<ExprPtr> expressions;
    for (size_t i = 0; i < scan.output.size(); ++i) {
      const OutputColumn& column = scan.output[i];
      expressions.push_back(
          expr::Column(names.at(scan.source_columns[i]), column.type, column.name));
    }
    std::vector<OutputColumn> output = scan.output;
    *node = MakeProject(std::move(copy), std::move(expressions), std::move(output));
  }

  OptimizeContext& context_;
  int next_cte_;
  bool changed_ = false;
};

}  // namespace

absl::StatusOr<NodePtr> Unnest(NodePtr root, OptimizeContext& context) {
  const int next_cte = NextCte(*root);
  return Unnester(context, next_cte).Visit(std::move(root));
}

}  // namespace vesto::optimizer
