#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "column/distinct_sketch.h"
#include "storage/column_block.h"

namespace vesto::storage {

// Consecutive values of one column. The slots of NULL rows hold zero or the empty string, or, of
// integers, anything.
struct FlatColumn {
  types::PhysicalType physical = types::PhysicalType::kInt32;
  const void* values = nullptr;
  // Strings that are encoded already: codes of EncodeOptions::dictionary in place of values.
  const uint16_t* codes = nullptr;
  const uint8_t* nulls = nullptr;  // byte per row, 1 = NULL; null when there is none
  int rows = 0;
};

struct EncodeOptions {
  // Strings: where to look for codes; null = raw.
  std::shared_ptr<SharedDictionary> dictionary;
  column::DistinctSketch* sketch = nullptr;  // receives the values; may be null
  base::MemoryPool* pool = nullptr;
};

// Chooses the narrowest form and seals the zone maps. 53200 when the pool refuses, 54000 when the
// strings of one block exceed 4 GB.
absl::StatusOr<std::shared_ptr<const ColumnBlock>> EncodeBlock(const FlatColumn& column,
                                                               const EncodeOptions& options);

}  // namespace vesto::storage
