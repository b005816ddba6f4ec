#pragma once

#include <span>
#include <vector>

#include "column/vector.h"

namespace vesto::column {

// Rows in motion: up to kBatchRows rows of some columns. Always dense: what was filtered out is
// gone, there is no selection beside a batch.
struct Batch {
  std::vector<Vector> columns;
  int rows = 0;

  Batch() = default;
  Batch(std::vector<Vector> columns_in, int rows_in)
      : columns(std::move(columns_in)), rows(rows_in) {}

  Batch Gather(std::span<const Position> positions) const;
  Batch Slice(int begin, int count) const;
  // Bytes of the values (not of shared heaps): what exchanges and results are charged for.
  int64_t ByteSize() const;
};

}  // namespace vesto::column
