#pragma once

#include "optimizer/optimizer.h"

namespace vesto::optimizer {

// Group keys that other keys determine need no comparing: they become ANY_VALUE. What determines what
// is known from declared primary keys and unique NOT NULL columns, which Redshift trusts, and from the
// equalities of inner joins.
// Source: performance.md §6; Database Developer Guide, "Defining table constraints".
logical::NodePtr ReduceGroupKeys(logical::NodePtr root, OptimizeContext& context);

}  // namespace vesto::optimizer
