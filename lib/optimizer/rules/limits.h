#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Brings every LIMIT to the Sort that gives it its meaning: below projections, and above the
// definitions of CTEs, so that the plan's root is the ordered list that the client receives.
logical::NodePtr PlaceLimits(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
