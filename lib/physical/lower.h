#pragma once

#include "absl/status/statusor.h"
#include "logical/plan.h"
#include "physical/plan.h"
#include "types/table_design.h"

namespace vesto::physical {

// Turns an optimized logical plan (no DependentJoin left) into streams of segments of steps: cuts
// it where all rows must have arrived, and puts exchanges where rows must move. Row movement follows
// the optimizer's choice (Join::movement) as far as the rows' real places allow it.
// `next_column_id` is the first id that no node of the plan uses.
absl::StatusOr<Plan> Lower(logical::NodePtr root, const types::Topology& topology,
                           ColumnId next_column_id);

}  // namespace vesto::physical
