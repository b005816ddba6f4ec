#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/memory_pool.h"
#include "storage/column_block.h"

namespace vesto::storage {

inline constexpr int kRowGroupRows = 65536;
// Smaller groups are merged once everybody sees them; see TableShard::Tidy.
inline constexpr int kSmallGroupRows = 4096;

// Up to kRowGroupRows rows, all columns cut at the same row. Immutable.
struct RowGroup {
  // Its values are in the shard's distinct sketches; small groups are counted on demand.
  bool sketched = false;
  uint32_t id = 0;  // unique within the shard
  int rows = 0;
  std::vector<std::shared_ptr<const ColumnBlock>> columns;

  int64_t bytes() const {
    int64_t bytes = 0;
    for (const auto& column : columns) bytes += column->bytes();
    return bytes;
  }
};

}  // namespace vesto::storage
