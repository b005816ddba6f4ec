#pragma once

#include "optimizer/plan_edit.h"

namespace vesto::optimizer {

// The output columns of a node that hold no NULL, as far as declarations and filters prove it.
ColumnSet NotNullColumns(const Node& node);
// Can `expr` be NULL when the columns of `not_null` are not?
bool MayBeNull(const Expr& expr, const ColumnSet& not_null);

}  // namespace vesto::optimizer
