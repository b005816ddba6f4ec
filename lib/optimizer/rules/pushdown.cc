#include "optimizer/rules/pushdown.h"

#include <algorithm>
#include <utility>

#include "optimizer/nullability.h"
#include "optimizer/plan_edit.h"

namespace vesto::optimizer {
namespace {

using expr::ExprKind;
using expr::Op;
using logical::Join;
using logical::JoinType;

using Conjuncts = std::vector<ExprPtr>;

void Append(Conjuncts* to, Conjuncts from) {
  for (ExprPtr& conjunct : from) to->push_back(std::move(conjunct));
}

bool Holds(const Conjuncts& conjuncts, const Expr& wanted) {
  return std::any_of(conjuncts.begin(), conjuncts.end(),
                     [&](const ExprPtr& conjunct) { return conjunct->Equals(wanted); });
}

class Pusher {
 public:
  // `conjuncts`, over the node's output, hold for every row that is wanted of it; they are applied in
  // or above the returned node. Columns of `rejected`: rows where one of them is NULL are not wanted.
  NodePtr Push(NodePtr node, Conjuncts conjuncts, const ColumnSet& rejected) {
    switch (node->kind) {
      case NodeKind::kScan: {
        auto& scan = node->As<logical::Scan>();
        Conjuncts above;
        for (ExprPtr& conjunct : conjuncts) {
          if (Holds(scan.conjuncts, *conjunct)) continue;
          (expr::IsVolatile(*conjunct) ? above : scan.conjuncts).push_back(std::move(conjunct));
        }
        return MakeFilter(std::move(node), std::move(above));
      }
      case NodeKind::kFilter: {
        Conjuncts own = expr::SplitConjuncts(std::move(node->As<logical::Filter>().predicate));
        Append(&own, std::move(conjuncts));
        return Push(std::move(node->children[0]), std::move(own), rejected);
      }
      case NodeKind::kProject: return PushProject(std::move(node), std::move(conjuncts), rejected);
      case NodeKind::kAggregate: return PushAggregate(std::move(node), std::move(conjuncts));
      case NodeKind::kJoin: return PushJoin(std::move(node), std::move(conjuncts), rejected);
      case NodeKind::kSort:
        node->children[0] = Push(std::move(node->children[0]), std::move(conjuncts), rejected);
        return node;
      case NodeKind::kDistinct: {
        Conjuncts above = TakeVolatile(&conjuncts);
        node->children[0] = Push(std::move(node->children[0]), std::move(conjuncts), rejected);
        return MakeFilter(std::move(node), std::move(above));
      }
      case NodeKind::kWindow: return PushWindow(std::move(node), std::move(conjuncts));
      case NodeKind::kSetOperation:
        return PushSetOperation(std::move(node), std::move(conjuncts));
      case NodeKind::kCteDefinition:
        node->children[0] = Push(std::move(node->children[0]), {}, {});
        node->children[1] = Push(std::move(node->children[1]), std::move(conjuncts), rejected);
        return node;
      case NodeKind::kLimit:
      case NodeKind::kSourceScan:
      case NodeKind::kValues:
      case NodeKind::kCteScan:
      case NodeKind::kRecursiveCte:
      case NodeKind::kDependentJoin:
      case NodeKind::kInsert:
      case NodeKind::kDelete:
      case NodeKind::kUpdate:
      case NodeKind::kMerge:
      case NodeKind::kCopy:
      case NodeKind::kUnload: break;
    }
    for (NodePtr& child : node->children) child = Push(std::move(child), {}, {});
    return MakeFilter(std::move(node), std::move(conjuncts));
  }

 private:
  static Conjuncts TakeVolatile(Conjuncts* conjuncts) {
    Conjuncts taken, kept;
    for (ExprPtr& conjunct : *conjuncts) {
      (expr::IsVolatile(*conjunct) ? taken : kept).push_back(std::move(conjunct));
    }
    *conjuncts = std::move(kept);
    return taken;
  }

  NodePtr PushProject(NodePtr node, Conjuncts conjuncts, const ColumnSet& rejected) {
    auto& project = node->As<logical::Project>();
    Substitution by;
    ColumnSet unmovable, below_rejected;
    for (size_t i = 0; i < project.expressions.size(); ++i) {
      const Expr& expression = *project.expressions[i];
      by[project.output[i].id] = &expression;
      if (expr::IsVolatile(expression)) unmovable.insert(project.output[i].id);
      if (rejected.contains(project.output[i].id) && expression.is_column()) {
        below_rejected.insert(expression.column);
      }
    }
    Conjuncts below, above;
    for (ExprPtr& conjunct : conjuncts) {
      if (UsesAny(*conjunct, unmovable) || expr::IsVolatile(*conjunct)) {
        above.push_back(std::move(conjunct));
      } else {
        below.push_back(Substitute(std::move(conjunct), by));
      }
    }
    node->children[0] = Push(std::move(node->children[0]), std::move(below), below_rejected);
    return MakeFilter(std::move(node), std::move(above));
  }

  NodePtr PushAggregate(NodePtr node, Conjuncts conjuncts) {
    auto& aggregate = node->As<logical::Aggregate>();
    Substitution by;
    ColumnSet keys;
    if (aggregate.grouping_sets.empty()) {
      for (size_t i = 0; i < aggregate.keys.size(); ++i) {
        if (expr::IsVolatile(*aggregate.keys[i])) continue;
        by[aggregate.key_ids[i]] = aggregate.keys[i].get();
        keys.insert(aggregate.key_ids[i]);
      }
    }
    Conjuncts below, above;
    for (ExprPtr& conjunct : conjuncts) {
      if (!keys.empty() && UsesOnly(*conjunct, keys) && !expr::IsVolatile(*conjunct)) {
        below.push_back(Substitute(std::move(conjunct), by));
      } else {
        above.push_back(std::move(conjunct));
      }
    }
    node->children[0] = Push(std::move(node->children[0]), std::move(below), {});
    return MakeFilter(std::move(node), std::move(above));
  }

  NodePtr PushWindow(NodePtr node, Conjuncts conjuncts) {
    auto& window = node->As<logical::Window>();
    ColumnSet partition;
    for (const ExprPtr& key : window.partition_by) {
      if (key->is_column()) partition.insert(key->column);
    }
    Conjuncts below, above;
    for (ExprPtr& conjunct : conjuncts) {
      const bool movable = !partition.empty() && UsesOnly(*conjunct, partition) &&
                           !expr::IsVolatile(*conjunct);
      (movable ? below : above).push_back(std::move(conjunct));
    }
    node->children[0] = Push(std::move(node->children[0]), std::move(below), {});
    RefreshOutput(*node);
    return MakeFilter(std::move(node), std::move(above));
  }

  NodePtr PushSetOperation(NodePtr node, Conjuncts conjuncts) {
    auto& set = node->As<logical::SetOperation>();
    Conjuncts above = TakeVolatile(&conjuncts);
    for (size_t i = 0; i < node->children.size(); ++i) {
      std::vector<ExprPtr> sources;
      Substitution by;
      for (size_t j = 0; j < set.output.size(); ++j) {
        const OutputColumn* column = node->children[i]->FindOutput(set.columns[i][j]);
        if (column == nullptr) continue;
        ExprPtr source = ColumnOf(*column);
        if (!(column->type == set.output[j].type)) {
          source = expr::Cast(std::move(source), set.output[j].type, true);
        }
        by[set.output[j].id] = source.get();
        sources.push_back(std::move(source));
      }
      Conjuncts below;
      for (const ExprPtr& conjunct : conjuncts) below.push_back(Substitute(conjunct->Clone(), by));
      node->children[i] = Push(std::move(node->children[i]), std::move(below), {});
    }
    return MakeFilter(std::move(node), std::move(above));
  }

  // --- Joins ------------------------------------------------------------------------------------

  NodePtr PushJoin(NodePtr node, Conjuncts conjuncts, const ColumnSet& rejected_above) {
    auto& join = node->As<Join>();
    if (join.type == JoinType::kRight) {  // one form is enough; the build side is chosen later
      std::swap(join.children[0], join.children[1]);
      for (auto& [l, r] : join.equalities) std::swap(l, r);
      join.type = JoinType::kLeft;
    }
    const ColumnSet left = OutputSet(*join.children[0]);
    const ColumnSet right = OutputSet(*join.children[1]);
    ColumnSet rejected = rejected_above;
    for (const ExprPtr& conjunct : conjuncts) AddRejected(*conjunct, &rejected);
    SimplifyType(join, conjuncts, left, right, rejected);
    if (join.type == JoinType::kMark) AskMark(join, &conjuncts);
    switch (join.type) {
      case JoinType::kInner: return PushInner(std::move(node), std::move(conjuncts), rejected);
      case JoinType::kFull: {
        MoveResidualEqualities(join, left, right);
        for (NodePtr& child : join.children) child = Push(std::move(child), {}, {});
        RefreshOutput(join);
        return MakeFilter(std::move(node), std::move(conjuncts));
      }
      default: return PushOneSided(std::move(node), std::move(conjuncts), rejected);
    }
  }

  static void AddRejected(const Expr& conjunct, ColumnSet* rejected) {
    for (ColumnId id : ColumnsOf(conjunct)) {
      if (!rejected->contains(id) && RejectsNull(conjunct, {id})) rejected->insert(id);
    }
  }

  static void SimplifyType(Join& join, const Conjuncts& conjuncts, const ColumnSet& left,
                           const ColumnSet& right, const ColumnSet& rejected) {
    const auto rejects = [&](const ColumnSet& side) {
      return Intersects(side, rejected) ||
             std::any_of(conjuncts.begin(), conjuncts.end(), [&](const ExprPtr& conjunct) {
               return RejectsNull(*conjunct, side);
             });
    };
    if (join.type == JoinType::kFull) {
      const bool left_real = rejects(left), right_real = rejects(right);
      if (left_real && right_real) {
        join.type = JoinType::kInner;
      } else if (left_real) {
        join.type = JoinType::kLeft;
      } else if (right_real) {
        std::swap(join.children[0], join.children[1]);
        for (auto& [l, r] : join.equalities) std::swap(l, r);
        join.type = JoinType::kLeft;
      }
    } else if (join.type == JoinType::kLeft && rejects(right)) {
      join.type = JoinType::kInner;
    }
    if (join.type == JoinType::kNullAwareAnti && join.num_compared > 0) {
      // NOT IN without NULLs is NOT EXISTS.
      const ColumnSet left_known = NotNullColumns(*join.children[0]);
      const ColumnSet right_known = NotNullColumns(*join.children[1]);
      const bool may_be_null = std::any_of(
          join.equalities.begin(), join.equalities.begin() + join.num_compared,
          [&](const auto& compared) {
            return MayBeNull(*compared.first, left_known) ||
                   MayBeNull(*compared.second, right_known);
          });
      if (!may_be_null) join.type = JoinType::kAnti;
    }
  }

  // A filter that is the mark itself, or its negation, makes the join a semi or anti join, when
  // nothing else asks for the mark: who does is told by pruning, which comes later, so a mark stays
  // if another conjunct uses it, and a projection above gets it as a constant.
  void AskMark(Join& join, Conjuncts* conjuncts) {
    for (size_t i = 0; i < conjuncts->size(); ++i) {
      const Expr& conjunct = *(*conjuncts)[i];
      const bool asked = conjunct.is_column() && conjunct.column == join.mark_id;
      const bool refused = conjunct.kind == ExprKind::kNot && conjunct.args[0]->is_column() &&
                           conjunct.args[0]->column == join.mark_id;
      if (!asked && !refused) continue;
      const ColumnId mark = join.mark_id;
      const OutputColumn marked{mark, Type::Boolean(), "mark"};
      join.type = asked ? JoinType::kSemi
                        : (join.num_compared == 0 ? JoinType::kAnti : JoinType::kNullAwareAnti);
      conjuncts->erase(conjuncts->begin() + static_cast<int64_t>(i));
      // What else uses the mark above sees the value that the filter left.
      NodePtr left = std::move(join.children[0]);
      std::vector<ExprPtr> values;
      std::vector<OutputColumn> output = left->output;
      for (const OutputColumn& column : left->output) values.push_back(ColumnOf(column));
      values.push_back(expr::Constant(Value::Boolean(asked)));
      output.push_back(marked);
      join.children[0] = MakeProject(std::move(left), std::move(values), std::move(output));
      join.mark_id = -1;
      return;
    }
  }

  static bool IsEquality(const Expr& conjunct) {
    return conjunct.kind == ExprKind::kCompare && conjunct.op == Op::kEqual;
  }

  // Moves `conjunct` into the equalities if it compares one side with the other.
  static bool TakeEquality(Join& join, ExprPtr& conjunct, const ColumnSet& left,
                           const ColumnSet& right) {
    if (!IsEquality(*conjunct) || expr::IsVolatile(*conjunct)) return false;
    ExprPtr& a = conjunct->args[0];
    ExprPtr& b = conjunct->args[1];
    const auto fits = [](const Expr& e, const ColumnSet& side) {
      return UsesOnly(e, side) && UsesAny(e, side);
    };
    if (fits(*a, right) && fits(*b, left)) {
      std::swap(a, b);
    } else if (!(fits(*a, left) && fits(*b, right))) {
      return false;
    }
    const bool known = std::any_of(
        join.equalities.begin(), join.equalities.end(),
        [&](const auto& pair) { return pair.first->Equals(*a) && pair.second->Equals(*b); });
    if (!known) join.equalities.emplace_back(std::move(a), std::move(b));
    conjunct->args.clear();
    return true;
  }

  static void MoveResidualEqualities(Join& join, const ColumnSet& left, const ColumnSet& right) {
    Conjuncts kept;
    for (ExprPtr& conjunct : expr::SplitConjuncts(std::move(join.residual))) {
      if (!TakeEquality(join, conjunct, left, right)) kept.push_back(std::move(conjunct));
    }
    join.residual = kept.empty() ? nullptr : expr::And(std::move(kept));
  }

  NodePtr PushInner(NodePtr node, Conjuncts conjuncts, ColumnSet rejected) {
    auto& join = node->As<Join>();
    const ColumnSet left = OutputSet(*join.children[0]);
    const ColumnSet right = OutputSet(*join.children[1]);
    Conjuncts pool;
    for (auto& [l, r] : join.equalities) {
      pool.push_back(expr::Compare(Op::kEqual, std::move(l), std::move(r)));
    }
    join.equalities.clear();
    Append(&pool, expr::SplitConjuncts(std::move(join.residual)));
    Append(&pool, std::move(conjuncts));
    Conjuncts to_left, to_right, residual, above;
    for (ExprPtr& conjunct : pool) {
      AddRejected(*conjunct, &rejected);
      if (expr::IsVolatile(*conjunct)) {
        above.push_back(std::move(conjunct));
      } else if (TakeEquality(join, conjunct, left, right)) {
        continue;
      } else if (!UsesAny(*conjunct, right)) {
        // A condition without columns may as well be asked once, on the left.
        to_left.push_back(std::move(conjunct));
      } else if (!UsesAny(*conjunct, left)) {
        to_right.push_back(std::move(conjunct));
      } else {
        residual.push_back(std::move(conjunct));
      }
    }
    CopyAcross(join, &to_left, &to_right, true);
    for (const auto& [l, r] : join.equalities) {
      if (l->is_column()) rejected.insert(l->column);
      if (r->is_column()) rejected.insert(r->column);
    }
    if (!residual.empty()) join.residual = expr::And(std::move(residual));
    join.children[0] = Push(std::move(join.children[0]), std::move(to_left), rejected);
    join.children[1] = Push(std::move(join.children[1]), std::move(to_right), rejected);
    RefreshOutput(join);
    return MakeFilter(std::move(node), std::move(above));
  }

  // Conditions on single columns that an equality joins hold on the other side too.
  void CopyAcross(const Join& join, Conjuncts* to_left, Conjuncts* to_right, bool both_ways) {
    const size_t left_count = to_left->size(), right_count = to_right->size();
    for (const auto& [l, r] : join.equalities) {
      if (!l->is_column() || !r->is_column() || !(l->type == r->type)) continue;
      CopyOne(*to_left, left_count, *l, *r, to_right);
      if (both_ways) CopyOne(*to_right, right_count, *r, *l, to_left);
    }
  }

  static void CopyOne(const Conjuncts& from, size_t count, const Expr& source,
                      const Expr& target, Conjuncts* to) {
    Substitution by;
    by[source.column] = &target;
    for (size_t i = 0; i < count; ++i) {
      const Expr& conjunct = *from[i];
      const bool simple = (conjunct.kind == ExprKind::kCompare && conjunct.args.size() == 2 &&
                           (ColumnsOf(*conjunct.args[0]).empty() ||
                            ColumnsOf(*conjunct.args[1]).empty())) ||
                          conjunct.kind == ExprKind::kInList;
      if (!simple || expr::CanFail(conjunct) || !UsesOnly(conjunct, {source.column}) ||
          !UsesAny(conjunct, {source.column})) {
        continue;
      }
      ExprPtr copy = Substitute(conjunct.Clone(), by);
      if (!Holds(*to, *copy)) to->push_back(std::move(copy));
    }
  }

  // Left, single, semi, anti and mark joins: the left side keeps its rows or loses them whole.
  NodePtr PushOneSided(NodePtr node, Conjuncts conjuncts, const ColumnSet& rejected) {
    auto& join = node->As<Join>();
    const ColumnSet left = OutputSet(*join.children[0]);
    const ColumnSet right = OutputSet(*join.children[1]);
    MoveResidualEqualities(join, left, right);
    Conjuncts to_left, to_right, residual, above;
    for (ExprPtr& conjunct : conjuncts) {
      const bool movable = !expr::IsVolatile(*conjunct) && UsesOnly(*conjunct, left);
      (movable ? to_left : above).push_back(std::move(conjunct));
    }
    for (ExprPtr& conjunct : expr::SplitConjuncts(std::move(join.residual))) {
      if (expr::IsVolatile(*conjunct)) {
        residual.push_back(std::move(conjunct));
      } else if (UsesAny(*conjunct, right) && !UsesAny(*conjunct, left)) {
        to_right.push_back(std::move(conjunct));
      } else if (join.type == JoinType::kSemi && !UsesAny(*conjunct, right)) {
        to_left.push_back(std::move(conjunct));
      } else {
        residual.push_back(std::move(conjunct));
      }
    }
    // NULLs of the right side count for NOT IN and for marks: nothing is copied there.
    if (join.type != JoinType::kNullAwareAnti && join.type != JoinType::kMark) {
      CopyAcross(join, &to_left, &to_right, join.type == JoinType::kSemi);
    }
    join.residual = residual.empty() ? nullptr : expr::And(std::move(residual));
    ColumnSet left_rejected = rejected;
    ColumnSet right_rejected;
    for (const auto& [l, r] : join.equalities) {
      if (l->is_column() && join.type == JoinType::kSemi) left_rejected.insert(l->column);
      if (r->is_column() && join.type != JoinType::kNullAwareAnti &&
          join.type != JoinType::kMark) {
        right_rejected.insert(r->column);
      }
    }
    for (const ExprPtr& conjunct : to_left) AddRejected(*conjunct, &left_rejected);
    join.children[0] = Push(std::move(join.children[0]), std::move(to_left), left_rejected);
    join.children[1] = Push(std::move(join.children[1]), std::move(to_right), right_rejected);
    RefreshOutput(join);
    return MakeFilter(std::move(node), std::move(above));
  }

};

}  // namespace

logical::NodePtr PushDownPredicates(logical::NodePtr root, OptimizeContext& context) {
  root = Pusher().Push(std::move(root), {}, {});
  RefreshOutputs(*root);
  return root;
}

}  // namespace vesto::optimizer
