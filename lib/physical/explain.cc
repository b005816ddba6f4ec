#include "physical/explain.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/stack_guard.h"
#include "base/status_macros.h"
#include "logical/plan_text.h"
#include "types/type_rules.h"

namespace vesto::physical {
namespace {

using expr::ColumnId;
using expr::Expr;
using expr::ExprKind;
using expr::Op;
using logical::Estimate;
using logical::Join;
using logical::JoinType;
using logical::Movement;
using logical::Node;
using logical::NodeKind;

// One operator of the printed tree, which differs from the logical one: a projection shows nothing, a
// filter is a detail of what it filters, a sort is three operators.
struct Operator {
  std::string text;
  Estimate estimate;
  std::vector<std::string> details;
  std::vector<Operator> inputs;
};

constexpr double kSortStartup = 1e12;

class Explainer {
 public:
  explicit Explainer(bool verbose) : verbose_(verbose) {}

  std::vector<std::string> Run(const Node& plan) {
    Survey(plan);
    const Node* root = &plan;
    switch (plan.kind) {
      case NodeKind::kInsert:
      case NodeKind::kDelete:
      case NodeKind::kUpdate:
      case NodeKind::kMerge:
      case NodeKind::kUnload: root = plan.children[0].get(); break;
      default: break;
    }
    // SELECT without FROM prints as on compute nodes.
    leader_only_ = leader_only_ && has_source_;
    prefix_ = leader_only_ ? "LD " : "XN ";
    Operator top = root->kind == NodeKind::kCopy
                       ? Operator{absl::StrCat(prefix_, "Copy"), plan.estimate, {}, {}}
                       : Root(*root);
    std::vector<std::string> lines;
    Print(top, 0, &lines);
    if (nested_loop_) {
      lines.push_back(
          "-----  Nested Loop Join in the query plan - review the join predicates to avoid "
          "Cartesian products -----");
    }
    return lines;
  }

 private:
  // --- What the plan holds ------------------------------------------------------------------------

  void Survey(const Node& node) {
    switch (node.kind) {
      case NodeKind::kScan: {
        const auto& scan = node.As<logical::Scan>();
        ++relations_;
        leader_only_ = false;
        for (size_t i = 0; i < scan.output.size(); ++i) {
          owners_[scan.output[i].id] = scan.alias.empty() ? scan.table->name : scan.alias;
        }
        break;
      }
      case NodeKind::kSourceScan: {
        const auto& scan = node.As<logical::SourceScan>();
        ++relations_;
        has_source_ = true;
        if (!scan.source->leader_only()) leader_only_ = false;
        for (const auto& column : scan.output) {
          owners_[column.id] = scan.alias.empty() ? scan.source->name() : scan.alias;
        }
        break;
      }
      case NodeKind::kProject: {
        const auto& project = node.As<logical::Project>();
        for (size_t i = 0; i < project.expressions.size(); ++i) {
          const Expr& expression = *project.expressions[i];
          if (expression.is_column() && expression.column == project.output[i].id) continue;
          meanings_[project.output[i].id] = &expression;
        }
        break;
      }
      case NodeKind::kAggregate: {
        const auto& aggregate = node.As<logical::Aggregate>();
        for (size_t i = 0; i < aggregate.keys.size(); ++i) {
          meanings_[aggregate.key_ids[i]] = aggregate.keys[i].get();
        }
        for (const logical::AggregateItem& item : aggregate.items) aggregates_[item.id] = &item;
        break;
      }
      case NodeKind::kCteDefinition:
        ctes_[node.As<logical::CteDefinition>().cte] = node.children[0].get();
        break;
      case NodeKind::kInsert:
      case NodeKind::kDelete:
      case NodeKind::kUpdate:
      case NodeKind::kMerge:
      case NodeKind::kCopy:
      case NodeKind::kUnload: leader_only_ = false; break;
      default: break;
    }
    for (const logical::NodePtr& child : node.children) Survey(*child);
  }

  // --- Expressions --------------------------------------------------------------------------------

  // The text of an expression in terms of table columns and aggregates.
  std::string Text(const Expr& expression) const {
    expr::ExprPtr copy = Spelled(expression.Clone(), 0);
    return copy->ToString();
  }

  expr::ExprPtr Spelled(expr::ExprPtr expression, int depth) const {
    return expr::Transform(std::move(expression), [this, depth](Expr& node) -> expr::ExprPtr {
      if (!node.is_column()) return nullptr;
      if (const auto it = meanings_.find(node.column); it != meanings_.end() && depth < 20) {
        return Spelled(it->second->Clone(), depth + 1);
      }
      if (const auto it = aggregates_.find(node.column); it != aggregates_.end() && depth < 20) {
        const logical::AggregateItem& item = *it->second;
        std::string args;
        for (const expr::ExprPtr& arg : item.args) {
          if (!args.empty()) args += ", ";
          args += Spelled(arg->Clone(), depth + 1)->ToString();
        }
        if (item.args.empty()) args = "*";
        node.name =
            absl::StrCat(item.function->name, "(", item.distinct ? "DISTINCT " : "", args, ")");
        return nullptr;
      }
      if (const auto it = owners_.find(node.column); it != owners_.end() && relations_ > 1) {
        node.name = absl::StrCat(it->second, ".", node.name);
      }
      return nullptr;
    });
  }

  // Columns of a join's condition are named after their side.
  static std::string SideText(const Expr& expression, const Node& left) {
    expr::ExprPtr copy = expr::Transform(expression.Clone(), [&left](Expr& node) -> expr::ExprPtr {
      if (node.is_column()) {
        node.name = absl::StrCat(left.FindOutput(node.column) != nullptr ? "\"outer\"." : "\"inner\".",
                                 node.name.empty() ? "?column?" : node.name);
      }
      return nullptr;
    });
    return copy->ToString();
  }

  static std::string SortKeys(const Explainer& explainer,
                              const std::vector<logical::SortKey>& keys) {
    std::string text;
    for (const logical::SortKey& key : keys) {
      if (!text.empty()) text += ", ";
      text += explainer.Text(*key.expression);
    }
    return text;
  }

  static std::string ConditionText(const Join& join) {
    const Node& left = *join.children[0];
    std::vector<std::string> parts;
    for (const auto& [l, r] : join.equalities) {
      const expr::ExprPtr both = expr::Compare(Op::kEqual, l->Clone(), r->Clone());
      parts.push_back(SideText(*both, left));
    }
    std::string text;
    for (const std::string& part : parts) absl::StrAppend(&text, text.empty() ? "" : " AND ", part);
    return parts.size() > 1 ? absl::StrCat("(", text, ")") : text;
  }

  // --- The root -----------------------------------------------------------------------------------

  Operator Make(std::string_view text, const Estimate& estimate) const {
    return Operator{absl::StrCat(prefix_, sv(text)), estimate, {}, {}};
  }

  Operator Root(const Node& node) {
    switch (node.kind) {
      case NodeKind::kCteDefinition: return Root(*node.children[1]);
      case NodeKind::kProject: return Root(*node.children[0]);
      case NodeKind::kLimit: {
        Operator limit = Make("Limit", node.estimate);
        limit.inputs.push_back(Root(*node.children[0]));
        return limit;
      }
      case NodeKind::kSort: {
        const auto& sort = node.As<logical::Sort>();
        Operator slices = SortOf(sort);
        if (leader_only_) return slices;
        const std::string keys = slices.details[0].substr(sizeof("Sort Key: ") - 1);
        Operator network = Make("Network", node.estimate);
        network.details.push_back("Send to leader");
        network.inputs.push_back(std::move(slices));
        Operator merge = Make("Merge", node.estimate);
        merge.details.push_back(absl::StrCat("Merge Key: ", keys));
        merge.inputs.push_back(std::move(network));
        return merge;
      }
      default: return Build(node, true);
    }
  }

  Operator SortOf(const logical::Sort& sort) {
    Operator result = Make("Sort", sort.estimate);
    result.details.push_back(absl::StrCat("Sort Key: ", SortKeys(*this, sort.keys)));
    result.inputs.push_back(Build(*sort.children[0], true));
    return result;
  }

  // --- Operators ----------------------------------------------------------------------------------

  // `top`: nothing stands above but sort and limit; derived tables show themselves elsewhere.
  Operator Build(const Node& node, bool top) {
    if (!base::HasStack()) return Make("Result", node.estimate);
    switch (node.kind) {
      case NodeKind::kScan: return BuildScan(node.As<logical::Scan>());
      case NodeKind::kSourceScan: {
        const auto& scan = node.As<logical::SourceScan>();
        std::string text = absl::StrCat("Seq Scan on ", scan.source->name());
        if (!scan.alias.empty() && scan.alias != scan.source->name()) {
          absl::StrAppend(&text, " ", scan.alias);
        }
        return Make(text, node.estimate);
      }
      case NodeKind::kValues: return Make("Result", node.estimate);
      case NodeKind::kFilter: {
        Operator input = Build(*node.children[0], top);
        input.details.push_back(
            absl::StrCat("Filter: ", Text(*node.As<logical::Filter>().predicate)));
        input.estimate = node.estimate;
        return input;
      }
      case NodeKind::kProject: return BuildProject(node, top);
      case NodeKind::kAggregate: {
        const auto& aggregate = node.As<logical::Aggregate>();
        Operator result = Make(aggregate.keys.empty() ? "Aggregate" : "HashAggregate",
                               node.estimate);
        if (verbose_ && !aggregate.keys.empty()) {
          result.details.push_back(absl::StrCat("Groups: ", aggregate.keys.size(), " keys, ",
                                                aggregate.items.size(), " aggregates"));
        }
        result.inputs.push_back(Build(*node.children[0], false));
        return result;
      }
      case NodeKind::kJoin: return BuildJoin(node.As<Join>());
      case NodeKind::kSort: return SortOf(node.As<logical::Sort>());
      case NodeKind::kLimit: {
        Operator result = Make("Limit", node.estimate);
        result.inputs.push_back(Build(*node.children[0], top));
        return result;
      }
      case NodeKind::kWindow: return BuildWindow(node.As<logical::Window>());
      case NodeKind::kDistinct: {
        Operator result = Make("Unique", node.estimate);
        result.inputs.push_back(Build(*node.children[0], top));
        return result;
      }
      case NodeKind::kSetOperation: return BuildSetOperation(node.As<logical::SetOperation>());
      case NodeKind::kCteDefinition: return Build(*node.children[1], top);
      case NodeKind::kCteScan: {
        const auto& scan = node.As<logical::CteScan>();
        Operator result = Make(absl::StrCat("Subquery Scan ", scan.name), node.estimate);
        const auto it = ctes_.find(scan.cte);
        // A recursive member scans itself: its definition is being printed already.
        if (it != ctes_.end() && printing_.insert(scan.cte).second) {
          result.inputs.push_back(Build(*it->second, false));
          printing_.erase(scan.cte);
        }
        return result;
      }
      case NodeKind::kRecursiveCte: {
        const int cte = node.As<logical::RecursiveCte>().cte;
        Operator result = Make("Recursive Union", node.estimate);
        const bool is_new = printing_.insert(cte).second;
        for (const logical::NodePtr& child : node.children) {
          result.inputs.push_back(Build(*child, false));
        }
        if (is_new) printing_.erase(cte);
        return result;
      }
      case NodeKind::kDependentJoin:
      case NodeKind::kInsert:
      case NodeKind::kDelete:
      case NodeKind::kUpdate:
      case NodeKind::kMerge:
      case NodeKind::kCopy:
      case NodeKind::kUnload: break;
    }
    Operator result = Make("Result", node.estimate);
    for (const logical::NodePtr& child : node.children) result.inputs.push_back(Build(*child, false));
    return result;
  }

  Operator BuildScan(const logical::Scan& scan) {
    std::string text = absl::StrCat("Seq Scan on ", scan.table->name);
    if (!scan.alias.empty() && scan.alias != scan.table->name) {
      absl::StrAppend(&text, " ", scan.alias);
    }
    Operator result = Make(text, scan.estimate);
    if (!scan.conjuncts.empty()) {
      std::vector<expr::ExprPtr> parts;
      for (const expr::ExprPtr& conjunct : scan.conjuncts) parts.push_back(conjunct->Clone());
      // A scan names its own columns without their table.
      result.details.push_back(
          absl::StrCat("Filter: ", expr::And(std::move(parts))->ToString()));
    }
    if (verbose_) {
      std::string columns;
      for (const auto& column : scan.output) {
        absl::StrAppend(&columns, columns.empty() ? "" : ", ", column.name);
      }
      result.details.push_back(absl::StrCat("Columns: ", columns));
    }
    return result;
  }

  // A derived table that keeps rows of its own (groups, distinct rows, a limit) is a subquery scan.
  Operator BuildProject(const Node& node, bool top) {
    const Node* below = node.children[0].get();
    const Node* kept = below;
    while (kept->kind == NodeKind::kFilter) kept = kept->children[0].get();
    const bool derived = kept->kind == NodeKind::kAggregate || kept->kind == NodeKind::kDistinct ||
                         kept->kind == NodeKind::kSetOperation || kept->kind == NodeKind::kWindow ||
                         kept->kind == NodeKind::kLimit;
    if (top || !derived) return Build(*below, top);
    Operator result = Make(absl::StrCat("Subquery Scan volt_dt_", derived_tables_++),
                           node.estimate);
    result.inputs.push_back(Build(*below, false));
    return result;
  }

  static std::string_view JoinName(JoinType type) {
    switch (type) {
      case JoinType::kInner: return "Join";
      case JoinType::kLeft:
      case JoinType::kAnti:
      case JoinType::kMark:
      case JoinType::kSingle: return "Left Join";
      case JoinType::kRight: return "Right Join";
      case JoinType::kFull: return "Full Join";
      case JoinType::kSemi: return "IN Join";
      case JoinType::kNullAwareAnti: return "NOT IN Join";
    }
    return "Join";
  }

  // Both tables lie in the order of their join column on the slices that it names.
  static bool IsMergeJoin(const Join& join) {
    if (join.movement != Movement::kNone || join.equalities.size() != 1 ||
        join.type == JoinType::kFull) {
      return false;
    }
    for (int side = 0; side < 2; ++side) {
      const Node* node = join.children[side].get();
      while (node->kind == NodeKind::kFilter) node = node->children[0].get();
      if (node->kind != NodeKind::kScan) return false;
      const auto& scan = node->As<logical::Scan>();
      const Expr& key = side == 0 ? *join.equalities[0].first : *join.equalities[0].second;
      const types::TableDesign& design = scan.table->design;
      if (!key.is_column() || design.dist_style != types::DistStyle::kKey ||
          design.sort_keys.empty() || design.sort_keys[0] != design.dist_key) {
        return false;
      }
      bool is_key = false;
      for (size_t i = 0; i < scan.columns.size(); ++i) {
        is_key = is_key ||
                 (scan.columns[i] == design.dist_key && scan.output[i].id == key.column);
      }
      if (!is_key) return false;
    }
    return true;
  }

  Operator BuildJoin(const Join& join) {
    const Node& left = *join.children[0];
    const Node& right = *join.children[1];
    std::string label(MovementLabel(join.movement));
    Operator result;
    if (join.equalities.empty()) {
      nested_loop_ = nested_loop_ || !(SmallSide(left) || SmallSide(right));
      std::string text = "Nested Loop ";
      if (join.type != JoinType::kInner) {
        absl::StrAppend(&text, sv(JoinName(join.type)), " ");
      }
      result = Make(absl::StrCat(text, label), join.estimate);
      if (join.residual != nullptr) {
        result.details.push_back(absl::StrCat("Join Filter: ", SideText(*join.residual, left)));
      }
      result.inputs.push_back(Build(left, false));
      result.inputs.push_back(Build(right, false));
      return result;
    }
    const bool merge = IsMergeJoin(join);
    result = Make(absl::StrCat(merge ? "Merge " : "Hash ", sv(JoinName(join.type)), " ", label),
                  join.estimate);
    if (join.movement == Movement::kInner) {
      result.details.push_back(absl::StrCat("Inner Dist Key: ", Text(*join.equalities[0].second)));
    } else if (join.movement == Movement::kOuter) {
      result.details.push_back(absl::StrCat("Outer Dist Key: ", Text(*join.equalities[0].first)));
    }
    result.details.push_back(
        absl::StrCat(merge ? "Merge Cond: " : "Hash Cond: ", ConditionText(join)));
    if (join.residual != nullptr) {
      result.details.push_back(absl::StrCat("Join Filter: ", SideText(*join.residual, left)));
    }
    if (join.type == JoinType::kAnti) {
      const expr::ExprPtr test = expr::IsNull(join.equalities[0].second->Clone(), false);
      result.details.push_back(absl::StrCat("Filter: ", SideText(*test, left)));
    }
    if (verbose_) {
      result.details.push_back(absl::StrCat(
          "Kernel: ", join.movement == Movement::kNone || join.movement == Movement::kInner ||
                              join.movement == Movement::kBoth
                          ? "one hash table per slice"
                          : "one hash table for all slices"));
    }
    result.inputs.push_back(Build(left, false));
    Operator inner = Build(right, false);
    if (join.type == JoinType::kSemi || join.type == JoinType::kNullAwareAnti) {
      Operator subquery = Make("Subquery Scan \"IN_subquery\"", right.estimate);
      subquery.inputs.push_back(std::move(inner));
      inner = std::move(subquery);
    }
    if (!merge) {
      Estimate hash = inner.estimate;
      hash.startup_cost = hash.total_cost;
      Operator table = Make("Hash", hash);
      table.inputs.push_back(std::move(inner));
      inner = std::move(table);
    }
    result.inputs.push_back(std::move(inner));
    return result;
  }

  // One row beside every other is no Cartesian product to warn of.
  static bool SmallSide(const Node& node) {
    switch (node.kind) {
      case NodeKind::kAggregate: return node.As<logical::Aggregate>().keys.empty();
      case NodeKind::kValues: return node.As<logical::Values>().num_rows() <= 1;
      case NodeKind::kLimit: {
        const auto& limit = node.As<logical::Limit>();
        const bool one = limit.limit != nullptr && limit.limit->is_constant() &&
                         !limit.limit->constant.is_null() && limit.limit->constant.integer() <= 1;
        return one || SmallSide(*node.children[0]);
      }
      case NodeKind::kFilter:
      case NodeKind::kProject: return SmallSide(*node.children[0]);
      default: return false;
    }
  }

  Operator BuildWindow(const logical::Window& window) {
    Operator result = Make("Window", window.estimate);
    std::vector<std::string> partition;
    std::string keys;
    for (const expr::ExprPtr& key : window.partition_by) {
      partition.push_back(Text(*key));
      absl::StrAppend(&keys, keys.empty() ? "" : ", ", partition.back());
    }
    if (!partition.empty()) result.details.push_back(absl::StrCat("Partition: ", keys));
    if (!window.order_by.empty()) {
      const std::string order = SortKeys(*this, window.order_by);
      result.details.push_back(absl::StrCat("Order: ", order));
      absl::StrAppend(&keys, keys.empty() ? "" : ", ", order);
    }
    const Node& child = *window.children[0];
    Operator input = Build(child, false);
    bool together = false;
    for (const expr::ExprPtr& key : window.partition_by) {
      together = together ||
                 (key->is_column() &&
                  child.distribution.kind == logical::Distribution::Kind::kHashed &&
                  std::find(child.distribution.columns.begin(), child.distribution.columns.end(),
                            key->column) != child.distribution.columns.end());
    }
    if (!together && !leader_only_) {
      Operator network = Make("Network", child.estimate);
      network.details.push_back(partition.empty() ? "Send to slice 0" : "Distribute");
      network.inputs.push_back(std::move(input));
      input = std::move(network);
    }
    if (!keys.empty()) {
      Estimate cost = child.estimate;
      cost.startup_cost = SortStartup(child.estimate);
      cost.total_cost = cost.startup_cost + 0.0025 * std::max(cost.rows, 1.0);
      Operator sort = Make("Sort", cost);
      sort.details.push_back(absl::StrCat("Sort Key: ", keys));
      sort.inputs.push_back(std::move(input));
      input = std::move(sort);
    }
    result.inputs.push_back(std::move(input));
    return result;
  }

  static double SortStartup(const Estimate& input) {
    const double rows = std::max(input.rows, 2.0);
    return input.total_cost + kSortStartup + 0.005 * rows * std::log2(rows);
  }

  Operator BuildSetOperation(const logical::SetOperation& set) {
    using logical::SetOperationKind;
    if (set.operation == SetOperationKind::kIntersect) {
      Operator result =
          Make(absl::StrCat("Hash Intersect Distinct ", "DS_BCAST_INNER"), set.estimate);
      for (const logical::NodePtr& child : set.children) {
        result.inputs.push_back(Build(*child, false));
      }
      return result;
    }
    Operator append = Make("Append", set.estimate);
    for (size_t i = 0; i < set.children.size(); ++i) {
      Operator part =
          Make(absl::StrCat("Subquery Scan \"*SELECT* ", i + 1, "\""), set.children[i]->estimate);
      part.inputs.push_back(Build(*set.children[i], true));
      append.inputs.push_back(std::move(part));
    }
    if (set.operation == SetOperationKind::kUnionAll) return append;
    std::string keys;
    for (const auto& column : set.output) {
      absl::StrAppend(&keys, keys.empty() ? "" : ", ", column.name);
    }
    Estimate cost = set.estimate;
    cost.startup_cost = SortStartup(set.estimate);
    cost.total_cost = cost.startup_cost + 0.0025 * std::max(cost.rows, 1.0);
    Operator sort = Make("Sort", cost);
    sort.details.push_back(absl::StrCat("Sort Key: ", keys));
    sort.inputs.push_back(std::move(append));
    Operator result =
        Make(set.operation == SetOperationKind::kUnion ? "Unique" : "SetOp Except", cost);
    result.inputs.push_back(std::move(sort));
    return result;
  }

  // --- Text ---------------------------------------------------------------------------------------

  void Print(const Operator& node, int depth, std::vector<std::string>* lines) const {
    std::string line;
    if (depth > 0) {
      line.append(static_cast<size_t>(2 + 6 * (depth - 1)), ' ');
      line += "->  ";
    }
    const double rows = std::max(1.0, std::round(node.estimate.rows));
    absl::StrAppendFormat(&line, "%s  (cost=%.2f..%.2f rows=%.0f width=%.0f)", node.text,
                          node.estimate.startup_cost, node.estimate.total_cost, rows,
                          std::round(node.estimate.width));
    lines->push_back(std::move(line));
    for (const std::string& detail : node.details) {
      lines->push_back(std::string(static_cast<size_t>(2 + 6 * depth), ' ') + detail);
    }
    for (const Operator& input : node.inputs) Print(input, depth + 1, lines);
  }

  const bool verbose_;
  std::string prefix_;
  int relations_ = 0;
  bool leader_only_ = true, has_source_ = false, nested_loop_ = false;
  int derived_tables_ = 0;
  absl::flat_hash_map<ColumnId, std::string> owners_;
  absl::flat_hash_map<ColumnId, const Expr*> meanings_;
  absl::flat_hash_map<ColumnId, const logical::AggregateItem*> aggregates_;
  absl::flat_hash_map<int, const Node*> ctes_;
  absl::flat_hash_set<int> printing_;
};

}  // namespace

std::vector<std::string> Explain(const logical::Node& plan, bool verbose) {
  return Explainer(verbose).Run(plan);
}

}  // namespace vesto::physical
