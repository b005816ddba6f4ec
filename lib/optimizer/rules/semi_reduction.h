#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// A grouped side of a join (what a correlated aggregate was unnested to) computes only groups that the
// other side asks for: a filtered scan there, joined on a group key, is read once more as a semi join
// below the aggregate. TPC-H Q2, Q17 and Q20 group a few percent of the rows then.
logical::NodePtr ReduceGroupedSides(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
