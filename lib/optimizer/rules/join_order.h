#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Orders joins by cost. A block is a tree of inner joins together with the semi, anti, mark, single and
// left joins on top of it: the right side of those is one relation that may be joined as soon as the
// columns of its condition are there.
//
// Up to kExactRelations relations: dynamic programming over all subsets (bushy trees). Beyond: the
// cheapest pair first. The right child is the build side.
logical::NodePtr OrderJoins(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
