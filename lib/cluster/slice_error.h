#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace vesto::cluster {

// A data error that was met on the slices, as Redshift's clients see it: its DETAIL is a block of the
// message, the engine's code, what the error said of its value, the query and the process. Other
// errors stay as they are. Redshift's line for a place in its source is there and empty.
// Source: redshift/errors.md §1, §5 and "Row-level run-time errors on compute nodes".
absl::Status SliceError(const absl::Status& error, int64_t query, int32_t pid);

}  // namespace vesto::cluster
