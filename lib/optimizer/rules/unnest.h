#pragma once

#include "absl/status/statusor.h"
#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Rewrites every DependentJoin into joins that plans can run.
//
// 1. A right side that uses no column of the left becomes the right side of an ordinary join.
// 2. Correlated predicates are pulled up through the right side until they stand above it, where
//    they become join conditions. Equalities pass aggregates (as further group keys), DISTINCT and
//    LIMIT (as partitions of a row number).
// 3. What cannot be pulled up gets the distinct correlated values of the left side pushed down
//    ("domain"), as in Neumann and Kemper, "Unnesting Arbitrary Queries" (BTW 2015). The left side
//    is then shared by a CTE.
//
// 0A000 for what neither can do (a correlated recursive query).
absl::StatusOr<logical::NodePtr> Unnest(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
