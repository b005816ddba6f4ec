#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Every node outputs only what is asked of it from above: scans read fewer columns, joins carry fewer,
// aggregates and windows that nobody reads are not computed, projections that change nothing go.
logical::NodePtr PruneColumns(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
