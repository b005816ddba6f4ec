#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Writes what is believed of the final plan into its nodes: rows, width, the costs that EXPLAIN prints
// (redshift/architecture.md §3), how rows lie on the slices, and the row movement of each join.
//
// A build side is shared between slices by pointer, so that a broadcast costs no copies: rows are sent
// to their key's slice only where the inner side is very large. Then the inner side goes to an outer that
// lies by the key, or the outer side to such an inner, or both where neither does.
logical::NodePtr EstimatePlan(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
