#pragma once
#include <functional>
#include <optional>
#include <utility>
#include "base/int128.h"
#include "physical/plan.h"
namespace vesto::physical {
using ColumnBoundsSource = std::function<std::optional<std::pair<int128_t, int128_t>>(const catalog::TableEntry&, int)>;
inline void NarrowDecimals(Plan&, const ColumnBoundsSource&) {}
}
