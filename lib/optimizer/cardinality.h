#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "optimizer/optimizer.h"
#include "optimizer/plan_edit.h"

namespace vesto::optimizer {

// What is believed of one column of a plan. Bounds are in the column's own unit (12.34, not 1234).
struct ColumnBelief {
  double distinct = 200;       // in the rows of the node where it is asked
  double base_distinct = 200;  // before filters: what the other side of a join sees
  double base_rows = 1000;     // rows of the relation that it comes from
  bool has_bounds = false;
  double min = 0, max = 0;
  double null_fraction = 0;
  double width = 8;
};

// Estimates rows bottom up. Column ids are unique within a query, so beliefs are kept in one map that
// grows as nodes are visited.
// Thread-safety: one thread.
class Estimator {
 public:
  explicit Estimator(const OptimizeContext& context) : context_(context) {}

  // Rows of the node; visits what is below.
  double Rows(const Node& node);
  // Rows of one node whose children were visited and have these rows.
  double RowsOver(const Node& node, const std::vector<double>& children);

  // The share of rows for which all of `conjuncts` hold.
  double Selectivity(const std::vector<const Expr*>& conjuncts);
  double Selectivity(const Expr& condition);
  // Rows of left x right under equalities that touch `left` and `right` columns.
  double EqualitySelectivity(const std::vector<std::pair<const Expr*, const Expr*>>& equalities);
  // Distinct values of an expression, in rows that have `rows` rows.
  double Distinct(const Expr& expr, double rows);
  double BaseDistinct(const Expr& expr);
  // The share of left rows that find a partner on the right.
  double MatchFraction(const std::pair<const Expr*, const Expr*>& equality);
  // Bytes of one row.
  double Width(const std::vector<OutputColumn>& columns);
  double Width(const OutputColumn& column);

  const ColumnBelief* Find(ColumnId id) const;
  // What scans of a CTE yield.
  void SetCte(int cte, double rows) { ctes_[cte] = rows; }

 private:
  double ScanRows(const logical::Scan& scan);
  double JoinRows(const logical::Join& join, double left, double right);
  double Groups(const std::vector<ExprPtr>& keys, double rows);
  void DescribeExpression(const Expr& expr, double rows, ColumnBelief* belief);
  void Shrink(const Node& node, double before, double after);

  const OptimizeContext& context_;
  absl::flat_hash_map<ColumnId, ColumnBelief> columns_;
  absl::flat_hash_map<int, double> ctes_;  // rows
};

}  // namespace vesto::optimizer
