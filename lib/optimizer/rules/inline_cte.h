#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Puts the definition of a CTE where it is scanned: once where it is scanned once, several times where
// it is only a filtered scan. A volatile definition that is scanned several times stays shared, and so
// does one that a recursive member scans in every round.
logical::NodePtr InlineCtes(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
