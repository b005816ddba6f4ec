#include "optimizer/rules/join_order.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "optimizer/cardinality.h"
#include "optimizer/plan_edit.h"

namespace vesto::optimizer {
namespace {

using expr::ExprKind;
using expr::Op;
using logical::Join;
using logical::JoinType;

// Subsets of subsets are 3^n: 11 relations are 177 thousand pairs, some milliseconds.
constexpr int kExactRelations = 11;
// More relations than bits stay in the order in which they were written.
constexpr int kRelationsMax = 64;

using Mask = uint64_t;

Mask Bit(int relation) { return Mask{1} << relation; }

// --- Costs, in nanoseconds of one core (performance.md §7) ------------------------------------------

// One lookup in a table of so many rows: caches hold the small ones.
double LookupCost(double build_rows) {
  if (build_rows <= 1e5) return 1.5;
  if (build_rows <= 2e6) return 4;
  return 8;
}
constexpr double kBuildRow = 8;
constexpr double kOutputRow = 2;
constexpr double kMoveRow = 6;
constexpr double kPair = 2;  // of a nested loop

struct Relation {
  NodePtr node;
  ColumnSet columns;  // that it adds to the rows
  double rows = 1;
  // kInner: a relation of its own. Else: the right side of such a join.
  JoinType type = JoinType::kInner;
  std::vector<std::pair<ExprPtr, ExprPtr>> equalities;
  ExprPtr residual;
  int num_compared = 0;
  ColumnId mark_id = -1;
  Mask left_below = 0;  // relations of its left side, as written
  Mask needs = 0;       // relations that its condition reads
  double growth = 1;    // rows after / rows before
  ColumnSet hashed;     // columns by which its rows are spread
  bool replicated = false;

  bool dependent() const { return type != JoinType::kInner; }
};

struct Conjunct {
  ExprPtr condition;
  Mask relations = 0;
  double selectivity = 1;
};

// Columns of one type that inner equalities make equal.
struct EqualClass {
  std::vector<std::pair<int, ExprPtr>> members;  // relation, column
  Mask relations = 0;
};

struct Plan {
  Mask left = 0, right = 0;  // 0, 0: a single relation
  double rows = 0, cost = 0;
  int spread = -1;  // the class by whose value the rows are spread; -1 = none
  bool valid = false;
};

class Block {
 public:
  Block(OptimizeContext& context, Estimator& estimator)
      : context_(context), estimator_(estimator) {}

  // --- Taking the tree apart ----------------------------------------------------------------------

  static bool IsBlockRoot(const Node& node) {
    if (node.kind == NodeKind::kFilter) return IsBlockRoot(*node.children[0]);
    if (node.kind != NodeKind::kJoin) return false;
    const JoinType type = node.As<Join>().type;
    return type != JoinType::kRight && type != JoinType::kFull;
  }

  // A projection over a block inside a block: its expressions can wait until the joins are done.
  static bool IsDeferrable(const Node& node) {
    if (node.kind != NodeKind::kProject || !IsBlockRoot(*node.children[0])) return false;
    for (const ExprPtr& expression : node.As<logical::Project>().expressions) {
      if (expr::IsVolatile(*expression)) return false;
    }
    return true;
  }

  template <typename Visit>
  void Flatten(NodePtr node, const Visit& visit) {
    if (IsBlockRoot(*node)) {
      if (node->kind == NodeKind::kFilter) {
        AddConjuncts(std::move(node->As<logical::Filter>().predicate));
        Flatten(std::move(node->children[0]), visit);
        return;
      }
      auto& join = node->As<Join>();
      const int first = static_cast<int>(relations_.size());
      Flatten(std::move(join.children[0]), visit);
      if (join.type == JoinType::kInner) {
        for (auto& [l, r] : join.equalities) {
          AddConjuncts(expr::Compare(Op::kEqual, std::move(l), std::move(r)));
        }
        AddConjuncts(std::move(join.residual));
        Flatten(std::move(join.children[1]), visit);
        return;
      }
      Relation relation;
      relation.type = join.type;
      relation.equalities = std::move(join.equalities);
      relation.residual = std::move(join.residual);
      relation.num_compared = join.num_compared;
      relation.mark_id = join.mark_id;
      for (int i = first; i < static_cast<int>(relations_.size()) && i < kRelationsMax; ++i) {
        relation.left_below |= Bit(i);
      }
      AddRelation(visit(std::move(join.children[1])), std::move(relation));
      return;
    }
    if (IsDeferrable(*node)) {
      auto& project = node->As<logical::Project>();
      for (size_t i = 0; i < project.expressions.size(); ++i) {
        deferred_.emplace_back(project.output[i], std::move(project.expressions[i]));
      }
      Flatten(std::move(node->children[0]), visit);
      return;
    }
    AddRelation(visit(std::move(node)), Relation{});
  }

  // How many relations Flatten would find; a block that is too large is left as it is.
  static int CountRelations(const Node& node) {
    if (IsBlockRoot(node)) {
      if (node.kind == NodeKind::kFilter) return CountRelations(*node.children[0]);
      if (node.As<Join>().type != JoinType::kInner) return CountRelations(*node.children[0]) + 1;
      return CountRelations(*node.children[0]) + CountRelations(*node.children[1]);
    }
    if (IsDeferrable(node)) return CountRelations(*node.children[0]);
    return 1;
  }

  NodePtr Run() {
    Resolve();
    const int count = static_cast<int>(relations_.size());
    const Mask all = count == 64 ? ~Mask{0} : Bit(count) - 1;
    Prepare();
    bool found = count <= kExactRelations ? Enumerate(all, false) || Enumerate(all, true)
                                          : Greedy();
    NodePtr result;
    if (found) {
      result = count <= kExactRelations ? Build(all) : BuildGreedy();
    } else {
      result = BuildAsWritten();
    }
    if (!last_.empty()) result = MakeFilter(std::move(result), std::move(last_));
    return Restore(std::move(result));
  }

 private:
  void AddConjuncts(ExprPtr condition) {
    for (ExprPtr& part : expr::SplitConjuncts(std::move(condition))) {
      conjuncts_.push_back({std::move(part), 0, 1});
    }
  }

  void AddRelation(NodePtr node, Relation relation) {
    if (KeepsRightColumns(relation.type)) {
      relation.columns = OutputSet(*node);
    } else if (relation.type == JoinType::kMark) {
      relation.columns.insert(relation.mark_id);
    }
    relation.node = std::move(node);
    relations_.push_back(std::move(relation));
  }

  // Replaces columns of deferred projections by what they stand for, everywhere in the block.
  void Resolve() {
    if (deferred_.empty()) return;
    Substitution by;
    // Outer projections come first and read inner ones.
    for (size_t i = deferred_.size(); i-- > 0;) {
      deferred_[i].second = Substitute(std::move(deferred_[i].second), by);
      // A projection may pass a column on under its own id.
      if (!(deferred_[i].second->is_column() &&
            deferred_[i].second->column == deferred_[i].first.id)) {
        by[deferred_[i].first.id] = deferred_[i].second.get();
      }
    }
    for (Conjunct& conjunct : conjuncts_) {
      conjunct.condition = Substitute(std::move(conjunct.condition), by);
    }
    for (Relation& relation : relations_) {
      for (auto& [l, r] : relation.equalities) l = Substitute(std::move(l), by);
      if (relation.residual != nullptr) {
        relation.residual = Substitute(std::move(relation.residual), by);
      }
    }
  }

  // The deferred columns, above the joins.
  NodePtr Restore(NodePtr node) {
    if (deferred_.empty()) return node;
    std::vector<ExprPtr> expressions;
    std::vector<OutputColumn> output;
    const ColumnSet below = OutputSet(*node);
    ColumnSet made;
    for (const OutputColumn& column : node->output) {
      expressions.push_back(ColumnOf(column));
      output.push_back(column);
    }
    for (auto& [column, expression] : deferred_) {
      if (below.contains(column.id) || !made.insert(column.id).second) continue;
      expressions.push_back(std::move(expression));
      output.push_back(column);
    }
    return MakeProject(std::move(node), std::move(expressions), std::move(output));
  }

  // --- Facts --------------------------------------------------------------------------------------

  Mask RelationsOf(const Expr& expr) const {
    Mask mask = 0;
    for (ColumnId id : ColumnsOf(expr)) {
      if (const auto it = owner_.find(id); it != owner_.end()) mask |= Bit(it->second);
    }
    return mask;
  }

  void Prepare() {
    for (size_t i = 0; i < relations_.size(); ++i) {
      for (ColumnId id : relations_[i].columns) owner_[id] = static_cast<int>(i);
    }
    for (Relation& relation : relations_) {
      relation.rows = estimator_.Rows(*relation.node);
      FindSpread(relation);
    }
    for (size_t i = 0; i < relations_.size(); ++i) {
      Relation& relation = relations_[i];
      if (!relation.dependent()) continue;
      for (const auto& [l, r] : relation.equalities) relation.needs |= RelationsOf(*l);
      if (relation.residual != nullptr) relation.needs |= RelationsOf(*relation.residual);
      relation.needs &= ~Bit(static_cast<int>(i));
      if (relation.needs == 0) relation.needs = relation.left_below;
      relation.growth = Growth(relation);
    }
    MakeClasses();
    std::vector<Conjunct> kept;
    for (Conjunct& conjunct : conjuncts_) {
      conjunct.relations = RelationsOf(*conjunct.condition);
      if (conjunct.relations == 0 || expr::IsVolatile(*conjunct.condition)) {
        last_.push_back(std::move(conjunct.condition));
        continue;
      }
      const bool single = std::has_single_bit(conjunct.relations);
      const int owner = std::countr_zero(conjunct.relations);
      if (single && !relations_[owner].dependent()) {
        Relation& relation = relations_[owner];
        relation.rows =
            std::max(1.0, relation.rows * estimator_.Selectivity(*conjunct.condition));
        if (relation.node->kind == NodeKind::kScan) {
          relation.node->As<logical::Scan>().conjuncts.push_back(std::move(conjunct.condition));
        } else {
          std::vector<ExprPtr> conditions;
          conditions.push_back(std::move(conjunct.condition));
          relation.node = MakeFilter(std::move(relation.node), std::move(conditions));
        }
        continue;
      }
      conjunct.selectivity = estimator_.Selectivity(*conjunct.condition);
      kept.push_back(std::move(conjunct));
    }
    conjuncts_ = std::move(kept);
  }

  double Growth(const Relation& relation) {
    std::vector<std::pair<const Expr*, const Expr*>> equalities;
    double fraction = 1;
    for (const auto& [l, r] : relation.equalities) {
      equalities.emplace_back(l.get(), r.get());
      fraction = std::min(fraction, estimator_.MatchFraction(equalities.back()));
    }
    if (relation.residual != nullptr) fraction *= 0.7;
    switch (relation.type) {
      case JoinType::kSemi: return fraction;
      case JoinType::kAnti:
      case JoinType::kNullAwareAnti: return std::max(0.05, 1 - fraction);
      case JoinType::kLeft:
        return std::max(1.0, relation.rows * estimator_.EqualitySelectivity(equalities));
      default: return 1;
    }
  }

  // Inner equalities between plain columns of one type become classes; they are asked once for each
  // pair of sides, whichever members those have.
  void MakeClasses() {
    absl::flat_hash_map<ColumnId, int> class_of;
    std::vector<Conjunct> rest;
    std::vector<std::vector<const Expr*>> groups;
    std::vector<ExprPtr> keep_alive;
    for (Conjunct& conjunct : conjuncts_) {
      Expr& condition = *conjunct.condition;
      const bool plain = condition.kind == ExprKind::kCompare && condition.op == Op::kEqual &&
                         condition.args[0]->is_column() && condition.args[1]->is_column() &&
                         condition.args[0]->type == condition.args[1]->type &&
                         owner_.contains(condition.args[0]->column) &&
                         owner_.contains(condition.args[1]->column);
      if (!plain) {
        rest.push_back(std::move(conjunct));
        continue;
      }
      int target = -1;
      for (const ExprPtr& arg : condition.args) {
        auto [it, is_new] = class_of.try_emplace(arg->column, -1);
        if (is_new || it->second < 0) {
          if (target < 0) {
            target = static_cast<int>(groups.size());
            groups.emplace_back();
          }
          it->second = target;
          groups[target].push_back(arg.get());
        } else if (target < 0) {
          target = it->second;
        } else if (it->second != target) {
          const int from = it->second;
          for (const Expr* member : groups[from]) {
            class_of[member->column] = target;
            groups[target].push_back(member);
          }
          groups[from].clear();
        }
      }
      keep_alive.push_back(std::move(conjunct.condition));
    }
    conjuncts_ = std::move(rest);
    for (const auto& group : groups) {
      if (group.empty()) continue;
      EqualClass equal;
      for (const Expr* member : group) {
        const int owner = owner_.at(member->column);
        // Two members in one relation: equal there already.
        for (const auto& [other, column] : equal.members) {
          if (other == owner) {
            conjuncts_.push_back(
                {expr::Compare(Op::kEqual, column->Clone(), member->Clone()), 0, 1});
            break;
          }
        }
        equal.members.emplace_back(owner, member->Clone());
        equal.relations |= Bit(owner);
      }
      if (std::has_single_bit(equal.relations)) continue;
      classes_.push_back(std::move(equal));
    }
  }

  void FindSpread(Relation& relation) const {
    const Node* node = relation.node.get();
    while (node->kind == NodeKind::kFilter) node = node->children[0].get();
    if (node->kind == NodeKind::kScan) {
      const auto& scan = node->As<logical::Scan>();
      const types::TableDesign& design = scan.table->design;
      relation.replicated = design.dist_style == types::DistStyle::kAll;
      if (design.dist_style != types::DistStyle::kKey) return;
      for (size_t i = 0; i < scan.columns.size(); ++i) {
        if (scan.columns[i] == design.dist_key) relation.hashed.insert(scan.output[i].id);
      }
    } else if (node->kind == NodeKind::kAggregate) {
      const auto& aggregate = node->As<logical::Aggregate>();
      if (aggregate.key_ids.size() == 1) relation.hashed.insert(aggregate.key_ids[0]);
    }
  }

  int SpreadClass(const Relation& relation) const {
    for (size_t c = 0; c < classes_.size(); ++c) {
      for (const auto& [owner, column] : classes_[c].members) {
        if (relation.hashed.contains(column->column)) return static_cast<int>(c);
      }
    }
    return -1;
  }

  // --- Joining two sets ---------------------------------------------------------------------------

  bool IsLoneDependent(Mask set) const {
    return std::has_single_bit(set) && relations_[std::countr_zero(set)].dependent();
  }

  bool Linked(Mask left, Mask right) const {
    for (const EqualClass& equal : classes_) {
      if ((equal.relations & left) != 0 && (equal.relations & right) != 0) return true;
    }
    const Mask both = left | right;
    for (const Conjunct& conjunct : conjuncts_) {
      if ((conjunct.relations & left) != 0 && (conjunct.relations & right) != 0 &&
          (conjunct.relations & ~both) == 0) {
        return true;
      }
    }
    return false;
  }

  const Expr* Member(const EqualClass& equal, Mask set) const {
    const Expr* best = nullptr;
    for (const auto& [owner, column] : equal.members) {
      if ((Bit(owner) & set) == 0) continue;
      if (best == nullptr) best = column.get();
      if (relations_[owner].hashed.contains(column->column)) return column.get();
    }
    return best;
  }

  bool NewlyCovered(const Conjunct& conjunct, Mask left, Mask right, bool right_dependent) const {
    const Mask relations = conjunct.relations;
    return (relations & ~(left | right)) == 0 && (relations & ~left) != 0 &&
           (right_dependent || (relations & ~right) != 0);
  }

  // left JOIN right with right as the build side. False where the two cannot be joined so.
  bool Combine(const Plan& left_plan, Mask left, const Plan& right_plan, Mask right,
               double known_rows, bool allow_cross, Plan* plan) {
    const bool dependent = IsLoneDependent(right);
    if (IsLoneDependent(left)) return false;
    const Relation* relation = dependent ? &relations_[std::countr_zero(right)] : nullptr;
    if (dependent ? (relation->needs & ~left) != 0 : !allow_cross && !Linked(left, right)) {
      return false;
    }
    plan->left = left;
    plan->right = right;
    plan->valid = true;

    std::vector<std::pair<const Expr*, const Expr*>> equalities;
    bool co_located = false, has_equality = false;
    if (dependent) {
      has_equality = !relation->equalities.empty();
      for (const auto& [l, r] : relation->equalities) {
        co_located = co_located || (r->is_column() && relation->hashed.contains(r->column) &&
                                    IsSpreadBy(left_plan.spread, left, *l));
      }
    } else {
      for (size_t c = 0; c < classes_.size(); ++c) {
        if ((classes_[c].relations & left) == 0 || (classes_[c].relations & right) == 0) continue;
        equalities.emplace_back(Member(classes_[c], left), Member(classes_[c], right));
        has_equality = true;
        co_located = co_located || (left_plan.spread == static_cast<int>(c) &&
                                    right_plan.spread == static_cast<int>(c));
      }
    }
    double selectivity = 1;
    for (const Conjunct& conjunct : conjuncts_) {
      if (!NewlyCovered(conjunct, left, right, dependent)) continue;
      const Expr& condition = *conjunct.condition;
      if (!dependent && IsJoinEquality(condition, left, right)) {
        has_equality = true;
        equalities.emplace_back(condition.args[0].get(), condition.args[1].get());
      } else {
        selectivity *= conjunct.selectivity;
      }
    }
    const double out_rows =
        known_rows >= 0 ? known_rows
        : dependent     ? std::max(1.0, left_plan.rows * relation->growth * selectivity)
                        : std::max(1.0, left_plan.rows * right_plan.rows * selectivity *
                                            estimator_.EqualitySelectivity(equalities));
    plan->rows = out_rows;
    plan->spread = left_plan.spread;

    double cost = left_plan.cost + right_plan.cost + out_rows * kOutputRow;
    const double build = right_plan.rows;
    if (has_equality) {
      const int slices = std::max(1, context_.topology.num_slices());
      const double table = co_located ? build / slices : build;
      const double keys = static_cast<double>(
          std::max<size_t>(1, dependent ? relation->equalities.size() : equalities.size()));
      const bool keys_only = dependent && !KeepsRightColumns(relation->type) &&
                             relation->residual == nullptr;
      cost += build * kBuildRow * (keys_only ? 0.25 : 1.0) +
              left_plan.rows * LookupCost(keys_only ? table / 16 : table) * (0.5 + keys / 2);
      if (!co_located && build > 2e6) cost += build * kMoveRow;
      // DS_DIST_ALL_INNER: the rows of the inner side go to those of a table that is everywhere.
      if (IsReplicated(left) && !IsReplicated(right)) cost += build * kMoveRow;
    } else {
      // The inner side is saved and read in blocks: the smaller one, where both give the same pairs.
      cost += build * kBuildRow + left_plan.rows * build * kPair;
    }
    plan->cost = cost;
    return true;
  }

  // Every node has all of its rows.
  bool IsReplicated(Mask set) const {
    for (size_t i = 0; i < relations_.size(); ++i) {
      if ((Bit(static_cast<int>(i)) & set) != 0 && !relations_[i].replicated) return false;
    }
    return true;
  }

  bool IsSpreadBy(int spread, Mask set, const Expr& key) const {
    if (!key.is_column()) return false;
    if (spread >= 0) {
      for (const auto& [owner, column] : classes_[spread].members) {
        if (column->column == key.column) return true;
      }
    }
    for (size_t i = 0; i < relations_.size(); ++i) {
      if ((Bit(static_cast<int>(i)) & set) != 0 && relations_[i].hashed.contains(key.column)) {
        return true;
      }
    }
    return false;
  }

  bool IsJoinEquality(const Expr& condition, Mask left, Mask right) const {
    if (condition.kind != ExprKind::kCompare || condition.op != Op::kEqual) return false;
    const Mask a = RelationsOf(*condition.args[0]), b = RelationsOf(*condition.args[1]);
    if (a == 0 || b == 0) return false;
    return ((a & ~left) == 0 && (b & ~right) == 0) || ((a & ~right) == 0 && (b & ~left) == 0);
  }

  Plan Single(int relation) const {
    Plan plan;
    plan.rows = relations_[relation].rows;
    plan.spread = SpreadClass(relations_[relation]);
    plan.valid = true;
    return plan;
  }

  // --- Exact search -------------------------------------------------------------------------------

  bool Enumerate(Mask all, bool allow_cross) {
    const int count = static_cast<int>(relations_.size());
    plans_.assign(size_t{1} << count, Plan{});
    for (int i = 0; i < count; ++i) plans_[Bit(i)] = Single(i);
    for (Mask set = 1; set <= all; ++set) {
      if (std::has_single_bit(set)) continue;
      Plan& best = plans_[set];
      for (Mask part = (set - 1) & set; part != 0; part = (part - 1) & set) {
        const Mask rest = set & ~part;
        const Plan& left = plans_[part];
        const Plan& right = plans_[rest];
        if (!left.valid || !right.valid) continue;
        // Cheaper children than the best join: otherwise it cannot win.
        if (best.valid && left.cost + right.cost > best.cost) continue;
        Plan plan;
        if (!Combine(left, part, right, rest, best.valid ? best.rows : -1, allow_cross, &plan)) {
          continue;
        }
        // Parts with the relations written first come last: they win a tie, as the outer side.
        if (!best.valid || plan.cost <= best.cost) best = plan;
      }
    }
    return plans_[all].valid;
  }

  NodePtr Build(Mask set) {
    if (std::has_single_bit(set)) return std::move(relations_[std::countr_zero(set)].node);
    const Plan plan = plans_[set];
    NodePtr left = Build(plan.left);
    NodePtr right = Build(plan.right);
    return MakeJoinOf(std::move(left), plan.left, std::move(right), plan.right);
  }

  // --- Greedy search ------------------------------------------------------------------------------

  bool Greedy() {
    const int count = static_cast<int>(relations_.size());
    if (count > kRelationsMax) return false;
    std::vector<std::pair<Mask, Plan>> parts;
    for (int i = 0; i < count; ++i) parts.emplace_back(Bit(i), Single(i));
    while (parts.size() > 1) {
      Plan best;
      double best_score = 0;
      size_t best_left = 0, best_right = 0;
      for (const bool cross : {false, true}) {
        for (size_t i = 0; i < parts.size(); ++i) {
          for (size_t j = 0; j < parts.size(); ++j) {
            if (i == j) continue;
            Plan plan;
            if (!Combine(parts[i].second, parts[i].first, parts[j].second, parts[j].first, -1,
                         cross, &plan)) {
              continue;
            }
            // What the join adds, not what its sides have cost already.
            const double score =
                plan.cost - parts[i].second.cost - parts[j].second.cost + plan.rows * kBuildRow;
            if (!best.valid || score < best_score) {
              best = plan;
              best_score = score;
              best_left = i;
              best_right = j;
            }
          }
        }
        if (best.valid) break;
      }
      if (!best.valid) return false;
      joins_.emplace_back(best.left, best.right);
      parts[best_left] = {best.left | best.right, best};
      parts.erase(parts.begin() + static_cast<int64_t>(best_right));
    }
    return true;
  }

  NodePtr BuildGreedy() {
    absl::flat_hash_map<Mask, NodePtr> built;
    for (size_t i = 0; i < relations_.size(); ++i) {
      built[Bit(static_cast<int>(i))] = std::move(relations_[i].node);
    }
    NodePtr last;
    for (const auto& [left, right] : joins_) {
      NodePtr left_node = std::move(built[left]);
      NodePtr right_node = std::move(built[right]);
      last = MakeJoinOf(std::move(left_node), left, std::move(right_node), right);
      const bool done = left == joins_.back().first && right == joins_.back().second;
      if (!done) built[left | right] = std::move(last);
    }
    return last;
  }

  NodePtr BuildAsWritten() {
    NodePtr result = std::move(relations_[0].node);
    Mask done = Bit(0);
    for (size_t i = 1; i < relations_.size(); ++i) {
      const Mask next = Bit(static_cast<int>(i));
      result = MakeJoinOf(std::move(result), done, std::move(relations_[i].node), next);
      done |= next;
    }
    return result;
  }

  // --- Putting it together ------------------------------------------------------------------------

  NodePtr MakeJoinOf(NodePtr left, Mask left_set, NodePtr right, Mask right_set) {
    const bool dependent = IsLoneDependent(right_set);
    std::vector<ExprPtr> above;
    auto join = std::make_unique<Join>();
    if (dependent) {
      Relation& relation = relations_[std::countr_zero(right_set)];
      join->type = relation.type;
      join->equalities = std::move(relation.equalities);
      join->residual = std::move(relation.residual);
      join->num_compared = relation.num_compared;
      join->mark_id = relation.mark_id;
    }
    for (const EqualClass& equal : classes_) {
      if ((equal.relations & left_set) == 0 || (equal.relations & right_set) == 0) continue;
      const Expr* a = Member(equal, left_set);
      const Expr* b = Member(equal, right_set);
      if (dependent) {
        above.push_back(expr::Compare(Op::kEqual, a->Clone(), b->Clone()));
      } else {
        join->equalities.emplace_back(a->Clone(), b->Clone());
      }
    }
    std::vector<ExprPtr> residual;
    for (Conjunct& conjunct : conjuncts_) {
      if (conjunct.condition == nullptr ||
          !NewlyCovered(conjunct, left_set, right_set, dependent)) {
        continue;
      }
      Expr& condition = *conjunct.condition;
      if (dependent) {
        above.push_back(std::move(conjunct.condition));
      } else if (IsJoinEquality(condition, left_set, right_set)) {
        ExprPtr a = std::move(condition.args[0]), b = std::move(condition.args[1]);
        condition.args.clear();
        if ((RelationsOf(*a) & ~left_set) != 0) std::swap(a, b);
        join->equalities.emplace_back(std::move(a), std::move(b));
        conjunct.condition = nullptr;
      } else {
        residual.push_back(std::move(conjunct.condition));
      }
    }
    if (!residual.empty()) join->residual = expr::And(std::move(residual));
    join->children.push_back(std::move(left));
    join->children.push_back(std::move(right));
    RefreshOutput(*join);
    return MakeFilter(std::move(join), std::move(above));
  }

  OptimizeContext& context_;
  Estimator& estimator_;
  std::vector<Relation> relations_;
  std::vector<Conjunct> conjuncts_;
  std::vector<EqualClass> classes_;
  std::vector<std::pair<OutputColumn, ExprPtr>> deferred_;
  std::vector<ExprPtr> last_;  // conditions above the whole block
  absl::flat_hash_map<ColumnId, int> owner_;
  std::vector<Plan> plans_;
  std::vector<std::pair<Mask, Mask>> joins_;
};

class Orderer {
 public:
  explicit Orderer(OptimizeContext& context) : context_(context), estimator_(context) {}

  NodePtr Visit(NodePtr node) {
    if (node->kind == NodeKind::kCteDefinition) {
      node->children[0] = Visit(std::move(node->children[0]));
      estimator_.SetCte(node->As<logical::CteDefinition>().cte,
                        estimator_.Rows(*node->children[0]));
      node->children[1] = Visit(std::move(node->children[1]));
      RefreshOutput(*node);
      return node;
    }
    if (Block::IsBlockRoot(*node) && Block::CountRelations(*node) <= kRelationsMax) {
      Block block(context_, estimator_);
      block.Flatten(std::move(node), [this](NodePtr part) { return Visit(std::move(part)); });
      return block.Run();
    }
    for (NodePtr& child : node->children) child = Visit(std::move(child));
    RefreshOutput(*node);
    return node;
  }

 private:
  OptimizeContext& context_;
  Estimator estimator_;
};

}  // namespace

logical::NodePtr OrderJoins(logical::NodePtr root, OptimizeContext& context) {
  root = Orderer(context).Visit(std::move(root));
  RefreshOutputs(*root);
  return root;
}

}  // namespace vesto::optimizer
