#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Folds constants and rewrites conditions into forms that can be pushed:
//   (a AND x) OR (a AND y)          ->  a AND (x OR y)
//   (t.a AND u.x) OR (t.b AND u.y)  ->  ... AND (t.a OR t.b) AND (u.x OR u.y)   one hull per relation
//   c = 1 OR c = 2                  ->  c IN (1, 2)
logical::NodePtr SimplifyConditions(logical::NodePtr root, OptimizeContext& context);

// In scans, a < b AND b < constant gives a < constant, where `a` leads the table's sort key: zone maps
// then skip what the chain of comparisons excludes.
logical::NodePtr DeriveRanges(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
