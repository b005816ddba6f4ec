#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/int128.h"
#include "catalog/entries.h"
#include "functions/eval_context.h"
#include "logical/plan.h"
#include "types/table_design.h"

// Logical plan -> better logical plan, by an ordered list of rules (optimizer.cc).
namespace vesto::optimizer {

// What the planner knows of a column of a user table: exact where storage knows it.
struct ColumnStats {
  bool has_bounds = false;  // min and max, unscaled integers, of every value ever stored
  int128_t min = 0, max = 0;
  double distinct = -1;     // estimate; -1 = unknown
  double null_fraction = 0;
  double average_width = 8;
};

struct TableStats {
  double rows = 0;
  std::vector<ColumnStats> columns;
};

// Where statistics come from; the cluster asks storage.
class StatisticsSource {
 public:
  virtual ~StatisticsSource() = default;
  virtual std::shared_ptr<const TableStats> Statistics(const catalog::TableEntry& table) const = 0;
};

struct OptimizeContext {
  const functions::EvalContext& eval;
  const StatisticsSource& statistics;
  types::Topology topology;
  expr::ColumnId next_column_id = 0;  // in and out: ids from here on are free
  // `vesto_optimizer = off`: only what correctness needs (unnesting) and no reordering.
  bool enabled = true;
  // Called after each rule that changed the plan, with the rule's name (tests/plans). Comparing plans
  // takes their text before and after every rule: leave it empty where speed matters.
  std::function<void(std::string_view rule, const logical::Node& plan)> on_change = nullptr;
};

// Unnests every DependentJoin (0A000 for what cannot be), pushes predicates down, orders joins and
// chooses their row movement, prunes columns, estimates rows and costs for EXPLAIN.
absl::StatusOr<logical::NodePtr> Optimize(logical::NodePtr plan, OptimizeContext& context);

}  // namespace vesto::optimizer
