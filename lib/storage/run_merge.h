#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "storage/row_group.h"
#include "storage/shared_dictionary.h"
#include "storage/table_shard.h"

namespace vesto::storage {

using Runs = std::vector<std::shared_ptr<RowGroup>>;

struct RunMergeOptions {
  std::shared_ptr<const TableShape> shape;
  std::vector<std::shared_ptr<SharedDictionary>> dictionaries;  // per column; null = no strings
  base::MemoryPool* pool = nullptr;
};

// Row groups that are each in sort key order, all full but the last -> row groups that are together
// in that order. Rows with equal keys stay in the order of the runs. Works column by column and
// frees the runs' as it goes, so both are in memory for one column only.
//
// Runs that follow each other (a sorted load) are the answer as they are. Errors: 53200; 54000 for
// 2^32 rows and more.
absl::StatusOr<Runs> MergeRuns(Runs runs, const RunMergeOptions& options);

}  // namespace vesto::storage
