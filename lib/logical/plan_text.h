#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "logical/plan.h"

// How DebugString spells the parts of a plan: columns as name#id, lists with commas. The physical plan
// spells its steps the same way, so that a column can be followed through both.
namespace vesto::logical {

std::string TextOf(const expr::Expr& expr);
std::string TextOf(const ExprPtr& expr);  // "null" without one
std::string TextOf(const std::vector<ExprPtr>& exprs);
std::string TextOf(const std::vector<SortKey>& keys);
std::string TextOf(const std::vector<OutputColumn>& columns);
std::string TextOf(const std::vector<ColumnId>& ids);
// name#id := function(arguments)
std::string TextOf(const std::vector<AggregateItem>& items);
std::string TextOf(const std::vector<WindowItem>& items);
// a = b AND c = d
std::string TextOf(const std::vector<std::pair<ExprPtr, ExprPtr>>& equalities);
// " (0, 1) (0)": positions in the keys.
std::string GroupingSetsText(const std::vector<std::vector<int>>& sets);
std::string_view JoinTypeName(JoinType type);
// DS_BCAST_INNER and the like, as EXPLAIN prints them.
std::string_view MovementLabel(Movement movement);

}  // namespace vesto::logical
