#pragma once

#include "logical/plan.h"

// What column::DistHash makes of values: the rules by which the optimizer and the physical plan tell that
// rows which are equal on a key lie on one slice.
namespace vesto::logical {

// Types whose equal values are sent to the same slice.
bool SameHashFamily(const Type& a, const Type& b);

// The column by which rows lie that lie by `key`: the key itself, or the column below a cast to a wider
// integer, because integers of all widths hash alike. -1 for any other expression.
ColumnId PlacingColumn(const expr::Expr& key);

}  // namespace vesto::logical
