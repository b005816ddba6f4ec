#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "base/int128.h"
#include "catalog/entries.h"
#include "physical/plan.h"

namespace vesto::physical {

// Smallest and largest unscaled value that storage holds of a column (NULLs apart); nullopt when it
// does not know. Must hold for every row that the plan will read.
using ColumnBoundsSource = std::function<std::optional<std::pair<int128_t, int128_t>>(
    const catalog::TableEntry& table, int column)>;

// Proves by interval arithmetic which DECIMAL expressions of more than 18 digits fit 64 bits, with
// every intermediate value, and sets their physical form (Expr::physical, ScanSpec::physical) to
// kInt64. SUM stays as it is. Changes no result: only where no bound excludes it, values stay in 128
// bits with overflow checks.
void NarrowDecimals(Plan& plan, const ColumnBoundsSource& bounds);

}  // namespace vesto::physical
