#include "optimizer/rules/simplify.h"

#include <algorithm>
#include <utility>

#include "expr/evaluator.h"
#include "optimizer/plan_edit.h"

namespace vesto::optimizer {
namespace {

using expr::ExprKind;
using expr::Op;
using logical::Join;
using logical::JoinType;

using Conjuncts = std::vector<ExprPtr>;
using Owners = absl::flat_hash_map<ColumnId, int>;  // column -> the relation that it comes from

bool IsTrue(const Expr& expr) {
  return expr.is_constant() && !expr.constant.is_null() && expr.constant.boolean();
}

// As a condition: NULL is as good as FALSE.
bool IsNotTrue(const Expr& expr) {
  return expr.is_constant() && (expr.constant.is_null() || !expr.constant.boolean());
}

bool Holds(const Conjuncts& conjuncts, const Expr& wanted) {
  return std::any_of(conjuncts.begin(), conjuncts.end(),
                     [&](const ExprPtr& conjunct) { return conjunct->Equals(wanted); });
}

// The relations of a join tree: everything below that is no join and no filter.
void CollectOwners(const Node& node, Owners* owners, int* next) {
  const bool inner = node.kind == NodeKind::kFilter ||
                     (node.kind == NodeKind::kJoin && node.As<Join>().type != JoinType::kFull);
  if (inner) {
    for (const NodePtr& child : node.children) CollectOwners(*child, owners, next);
    return;
  }
  const int relation = (*next)++;
  for (const OutputColumn& column : node.output) owners->emplace(column.id, relation);
}

// The one relation that a condition reads; -1 for none or several.
int OwnerOf(const Expr& expr, const Owners& owners) {
  int owner = -1;
  for (ColumnId id : ColumnsOf(expr)) {
    const auto it = owners.find(id);
    if (it == owners.end() || (owner >= 0 && it->second != owner)) return -1;
    owner = it->second;
  }
  return owner;
}

class Simplifier {
 public:
  explicit Simplifier(OptimizeContext& context) : context_(context) {}

  void Visit(Node& node) {
    for (NodePtr& child : node.children) Visit(*child);
    logical::VisitExpressions(node, [this](ExprPtr& expr) {
      expr = expr::FoldConstants(std::move(expr), context_.eval);
    });
    Owners owners;
    int relations = 0;
    if (node.kind == NodeKind::kFilter) {
      CollectOwners(*node.children[0], &owners, &relations);
      ExprPtr& predicate = node.As<logical::Filter>().predicate;
      predicate = Condition(std::move(predicate), owners);
    } else if (node.kind == NodeKind::kJoin && node.As<Join>().residual != nullptr) {
      for (const NodePtr& child : node.children) CollectOwners(*child, &owners, &relations);
      ExprPtr& residual = node.As<Join>().residual;
      residual = Condition(std::move(residual), owners);
      if (IsTrue(*residual)) residual = nullptr;
    } else if (node.kind == NodeKind::kScan) {
      auto& scan = node.As<logical::Scan>();
      if (scan.conjuncts.empty()) return;
      ExprPtr all = Condition(expr::And(std::move(scan.conjuncts)), owners);
      scan.conjuncts = expr::SplitConjuncts(std::move(all));
    }
  }

 private:
  // A condition of which only TRUE counts.
  ExprPtr Condition(ExprPtr condition, const Owners& owners) {
    Conjuncts result;
    for (ExprPtr& part : expr::SplitConjuncts(std::move(condition))) {
      ExprPtr conjunct = std::move(part);
      // COALESCE(x, FALSE) is TRUE where x is.
      if (conjunct->kind == ExprKind::kCoalesce && conjunct->args.size() == 2 &&
          IsNotTrue(*conjunct->args[1])) {
        ExprPtr first = std::move(conjunct->args[0]);
        conjunct = std::move(first);
      }
      if (conjunct->kind == ExprKind::kOr) {
        for (ExprPtr& factor : Factor(std::move(conjunct), owners)) {
          Add(&result, std::move(factor));
        }
      } else {
        Add(&result, std::move(conjunct));
      }
    }
    return expr::And(std::move(result));
  }

  static void Add(Conjuncts* to, ExprPtr conjunct) {
    if (IsTrue(*conjunct)) return;
    if (!expr::IsVolatile(*conjunct) && Holds(*to, *conjunct)) return;
    to->push_back(std::move(conjunct));
  }

  Conjuncts Factor(ExprPtr disjunction, const Owners& owners) {
    std::vector<Conjuncts> branches;
    for (ExprPtr& arg : disjunction->args) {
      if (IsNotTrue(*arg)) continue;
      branches.push_back(expr::SplitConjuncts(std::move(arg)));
    }
    disjunction->args.clear();
    if (branches.empty()) {
      Conjuncts none;
      none.push_back(expr::Constant(Value::Boolean(false)));
      return none;
    }
    Conjuncts result;
    bool fallible = false;
    for (const Conjuncts& branch : branches) {
      for (const ExprPtr& part : branch) {
        fallible = fallible || expr::CanFail(*part) || expr::IsVolatile(*part);
      }
    }
    if (!fallible) TakeCommon(&branches, &result);
    const bool decided = std::any_of(branches.begin(), branches.end(),
                                     [](const Conjuncts& branch) { return branch.empty(); });
    if (decided) return result;
    if (branches.size() == 1) {
      for (ExprPtr& part : branches[0]) Add(&result, std::move(part));
      return result;
    }
    if (!fallible) AddHulls(branches, owners, &result);
    std::vector<ExprPtr> rest;
    for (Conjuncts& branch : branches) rest.push_back(expr::And(std::move(branch)));
    Add(&result, Disjunction(std::move(rest)));
    return result;
  }

  static void TakeCommon(std::vector<Conjuncts>* branches, Conjuncts* common) {
    Conjuncts& first = (*branches)[0];
    for (size_t i = 0; i < first.size();) {
      const bool everywhere =
          std::all_of(branches->begin() + 1, branches->end(),
                      [&](const Conjuncts& branch) { return Holds(branch, *first[i]); });
      if (!everywhere) {
        ++i;
        continue;
      }
      ExprPtr factor = std::move(first[i]);
      first.erase(first.begin() + static_cast<int64_t>(i));
      for (size_t b = 1; b < branches->size(); ++b) {
        Conjuncts& branch = (*branches)[b];
        branch.erase(std::remove_if(branch.begin(), branch.end(),
                                    [&](const ExprPtr& part) { return part->Equals(*factor); }),
                     branch.end());
      }
      Add(common, std::move(factor));
    }
  }

  // For each relation that every branch restricts: the union of its restrictions.
  void AddHulls(const std::vector<Conjuncts>& branches, const Owners& owners, Conjuncts* result) {
    std::vector<int> relations;
    bool all_of_one = true;
    for (const ExprPtr& part : branches[0]) {
      const int owner = OwnerOf(*part, owners);
      if (owner >= 0 && std::find(relations.begin(), relations.end(), owner) == relations.end()) {
        relations.push_back(owner);
      }
    }
    for (const Conjuncts& branch : branches) {
      for (const ExprPtr& part : branch) {
        const int owner = OwnerOf(*part, owners);
        all_of_one = all_of_one && owner >= 0 && !relations.empty() && owner == relations[0];
      }
    }
    if (all_of_one) return;  // the disjunction is its own hull
    for (int relation : relations) {
      std::vector<ExprPtr> hull;
      for (const Conjuncts& branch : branches) {
        std::vector<ExprPtr> own;
        for (const ExprPtr& part : branch) {
          if (OwnerOf(*part, owners) == relation) own.push_back(part->Clone());
        }
        if (own.empty()) break;
        hull.push_back(expr::And(std::move(own)));
      }
      if (hull.size() == branches.size()) Add(result, Disjunction(std::move(hull)));
    }
  }

  // OR; equalities of one column with constants become IN.
  static ExprPtr Disjunction(std::vector<ExprPtr> parts) {
    const Expr* column = nullptr;
    bool list = parts.size() > 1;
    for (const ExprPtr& part : parts) {
      if (!list) break;
      const bool equality = part->kind == ExprKind::kCompare && part->op == Op::kEqual &&
                            part->args[0]->is_column() && part->args[1]->is_constant() &&
                            !part->args[1]->constant.is_null();
      const bool in = part->kind == ExprKind::kInList && !part->negated &&
                      part->args[0]->is_column();
      list = (equality || in) && (column == nullptr || column->column == part->args[0]->column);
      if (!list) break;  // other conditions, a bare column among them, may have no argument
      column = part->args[0].get();
      for (size_t i = 1; list && i < part->args.size(); ++i) {
        list = part->args[i]->type == parts[0]->args[1]->type;
      }
    }
    if (!list) return expr::Or(std::move(parts));
    auto in = std::make_unique<Expr>();
    in->kind = ExprKind::kInList;
    in->type = Type::Boolean();
    in->physical = types::DefaultPhysicalType(in->type);
    in->offset = parts[0]->offset;
    in->args.push_back(column->Clone());
    for (ExprPtr& part : parts) {
      for (size_t i = 1; i < part->args.size(); ++i) {
        const bool known = std::any_of(in->args.begin() + 1, in->args.end(),
                                       [&](const ExprPtr& arg) { return arg->Equals(*part->args[i]); });
        if (!known) in->args.push_back(std::move(part->args[i]));
      }
    }
    return in;
  }

  OptimizeContext& context_;
};

// --- Chains of comparisons --------------------------------------------------------------------------

struct Bound {
  const Expr* column;  // below
  const Expr* value;   // column or constant above
  bool strict;
};

// left < right, whichever way it is written; false for other conditions.
bool AsLess(const Expr& expr, Bound* bound) {
  if (expr.kind != ExprKind::kCompare) return false;
  const Expr* left = expr.args[0].get();
  const Expr* right = expr.args[1].get();
  Op op = expr.op;
  if (op == Op::kGreater || op == Op::kGreaterEqual) {
    std::swap(left, right);
    op = expr::Commute(op);
  }
  if (op != Op::kLess && op != Op::kLessEqual) return false;
  *bound = {left, right, op == Op::kLess};
  return true;
}

void DeriveInScan(logical::Scan& scan) {
  if (scan.table->design.sort_keys.empty() || scan.conjuncts.size() < 2) return;
  ColumnId key = -1;
  for (size_t i = 0; i < scan.columns.size(); ++i) {
    if (scan.columns[i] == scan.table->design.sort_keys[0]) key = scan.output[i].id;
  }
  if (key < 0) return;
  std::vector<Bound> less;
  for (const ExprPtr& conjunct : scan.conjuncts) {
    Bound bound;
    if (AsLess(*conjunct, &bound)) less.push_back(bound);
  }
  // Upwards from the key for upper bounds, downwards for lower ones.
  for (const bool upper : {true, false}) {
    std::vector<std::pair<const Expr*, bool>> frontier;  // column, strictly beyond the key
    ColumnSet seen = {key};
    const Expr* start = nullptr;
    for (const Bound& bound : less) {
      const Expr* near = upper ? bound.column : bound.value;
      const Expr* far = upper ? bound.value : bound.column;
      if (near->is_column() && near->column == key && far->is_column()) {
        start = near;
        if (seen.insert(far->column).second) frontier.emplace_back(far, bound.strict);
      }
    }
    while (start != nullptr && !frontier.empty()) {
      const auto [at, strict] = frontier.back();
      frontier.pop_back();
      for (const Bound& bound : less) {
        const Expr* near = upper ? bound.column : bound.value;
        const Expr* far = upper ? bound.value : bound.column;
        if (!near->is_column() || near->column != at->column) continue;
        if (far->is_column()) {
          if (seen.insert(far->column).second) {
            frontier.emplace_back(far, strict || bound.strict);
          }
        } else if (far->is_constant() && far->type == start->type) {
          const Op op = upper ? (strict || bound.strict ? Op::kLess : Op::kLessEqual)
                              : (strict || bound.strict ? Op::kGreater : Op::kGreaterEqual);
          ExprPtr derived = expr::Compare(op, start->Clone(), far->Clone());
          if (!Holds(scan.conjuncts, *derived)) {
            scan.conjuncts.insert(scan.conjuncts.begin(), std::move(derived));
          }
          frontier.clear();  // one bound is enough
          break;
        }
      }
    }
  }
}

void DeriveBelow(Node& node) {
  if (node.kind == NodeKind::kScan) DeriveInScan(node.As<logical::Scan>());
  for (NodePtr& child : node.children) DeriveBelow(*child);
}

}  // namespace

logical::NodePtr SimplifyConditions(logical::NodePtr root, OptimizeContext& context) {
  Simplifier(context).Visit(*root);
  return root;
}

logical::NodePtr DeriveRanges(logical::NodePtr root, OptimizeContext& context) {
  DeriveBelow(*root);
  return root;
}

}  // namespace vesto::optimizer
