#include "optimizer/optimizer.h"

#include <utility>

#include "base/status_macros.h"
#include "optimizer/plan_edit.h"
#include "optimizer/rules/aggregate_keys.h"
#include "optimizer/rules/estimate.h"
#include "optimizer/rules/inline_cte.h"
#include "optimizer/rules/join_order.h"
#include "optimizer/rules/limits.h"
#include "optimizer/rules/prune.h"
#include "optimizer/rules/pushdown.h"
#include "optimizer/rules/semi_reduction.h"
#include "optimizer/rules/simplify.h"
#include "optimizer/rules/unnest.h"

namespace vesto::optimizer {
namespace {

// Plans deeper than this would exhaust the stack of recursive rules.
constexpr int kMaxDepth = 2000;

using RuleFunction = absl::StatusOr<NodePtr> (*)(NodePtr, OptimizeContext&);

struct Rule {
  const char* name;
  bool always;  // correctness needs it: runs with `vesto_optimizer = off` too
  RuleFunction apply;
};

template <NodePtr (*Function)(NodePtr, OptimizeContext&)>
absl::StatusOr<NodePtr> Infallible(NodePtr plan, OptimizeContext& context) {
  return Function(std::move(plan), context);
}

// The order matters; each line says why it stands where it does.
constexpr Rule kRules[] = {
    // First: no other rule knows dependent joins.
    {"unnest", true, Unnest},
    // Lowering finds the order of a LIMIT directly below it, and the client's order at the root.
    {"place limits", true, Infallible<PlaceLimits>},
    // Before conditions move, so that they reach into what is inlined. After unnesting, which shares
    // the left side of a difficult subquery by a CTE.
    {"inline CTEs", false, Infallible<InlineCtes>},
    // Before conditions move: makes more of them movable.
    {"simplify conditions", false, Infallible<SimplifyConditions>},
    // Makes the join conditions that everything below reads.
    {"push down predicates", true, Infallible<PushDownPredicates>},
    // Reads conjuncts where they end.
    {"derive ranges", false, Infallible<DeriveRanges>},
    // Sees which sides of a join are filtered; the semi joins that it adds are then ordered.
    {"reduce grouped sides", false, Infallible<ReduceGroupedSides>},
    // Needs every condition where it belongs, to estimate what each relation yields.
    {"order joins", false, Infallible<OrderJoins>},
    // Inner joins tell which columns determine which.
    {"reduce group keys", false, Infallible<ReduceGroupKeys>},
    // After all rules that leave columns behind.
    {"prune columns", false, Infallible<PruneColumns>},
};

// Rules may leave more columns than the statement asked for, in another order; below the last Sort and
// Limit a projection settles that, because these give rows to the client as they come.
NodePtr SettleOutput(NodePtr plan, const std::vector<OutputColumn>& wanted) {
  switch (plan->kind) {
    case NodeKind::kInsert:
    case NodeKind::kDelete:
    case NodeKind::kUpdate:
    case NodeKind::kMerge:
    case NodeKind::kCopy: return plan;  // these find their columns by id
    case NodeKind::kSort:
    case NodeKind::kLimit:
    case NodeKind::kCteDefinition: {
      NodePtr& child = plan->children.back();
      child = SettleOutput(std::move(child), wanted);
      RefreshOutput(*plan);
      return plan;
    }
    case NodeKind::kProject:
    case NodeKind::kAggregate:
    case NodeKind::kValues:
    case NodeKind::kSetOperation:
    case NodeKind::kDistinct:
    case NodeKind::kScan:
    case NodeKind::kSourceScan:
    case NodeKind::kCteScan: {
      bool same = plan->output.size() == wanted.size();
      for (size_t i = 0; same && i < wanted.size(); ++i) {
        same = plan->output[i].id == wanted[i].id;
      }
      if (same) return plan;
      break;
    }
    default: break;
  }
  std::vector<ExprPtr> expressions;
  for (const OutputColumn& column : wanted) expressions.push_back(ColumnOf(column));
  return MakeProject(std::move(plan), std::move(expressions), wanted);
}

}  // namespace

absl::StatusOr<logical::NodePtr> Optimize(logical::NodePtr plan, OptimizeContext& context) {
  if (Depth(*plan) > kMaxDepth) {
    return SqlError(SqlState::kStatementTooComplex, "stack depth limit exceeded");
  }
  Node& source = plan->kind == NodeKind::kUnload ? *plan->children[0] : *plan;
  const std::vector<OutputColumn> wanted = source.output;
  std::string before;
  if (context.on_change) before = logical::DebugString(*plan);
  // Tells `on_change` of the plan, if `rule` changed it.
  const auto report = [&](const char* rule) {
    if (!context.on_change) return;
    std::string after = logical::DebugString(*plan);
    if (after != before) context.on_change(rule, *plan);
    before = std::move(after);
  };
  for (const Rule& rule : kRules) {
    if (!rule.always && !context.enabled) continue;
    VESTO_ASSIGN_OR_RETURN(plan, rule.apply(std::move(plan), context));
    report(rule.name);
  }
  if (plan->kind == NodeKind::kUnload) {
    plan->children[0] = SettleOutput(std::move(plan->children[0]), wanted);
  } else {
    plan = SettleOutput(std::move(plan), wanted);
  }
  report("settle output");
  // Describes the plan as it will run.
  return EstimatePlan(std::move(plan), context);
}

}  // namespace vesto::optimizer
