#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Moves filter conjuncts as far down as their meaning allows: into scans, into join conditions, past
// projections, grouping on their columns, set operations and windows on their partitions. On the way
// outer joins that a condition above makes inner become inner (or left), IN marks that a filter asks
// for become semi and anti joins, and conditions on one side of an equality are copied to the other.
//
// Conjuncts that reach a scan stay in the order in which they were written: one that may fail is not
// moved ahead of one that was before it.
logical::NodePtr PushDownPredicates(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
