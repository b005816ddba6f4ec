#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/int128.h"
#include "base/memory_pool.h"
#include "column/vector.h"
#include "storage/shared_dictionary.h"

namespace vesto::storage {

// How the values of a block lie in memory. Byte-aligned and as narrow as the block's own range
// allows, so that predicates run on them as they lie (performance.md §2).
enum class BlockForm : uint8_t {
  kOffset,  // unsigned codes of `width` bytes above `base`; width 0: all values are `base`
  kInt128,  // values beyond 64 bits
  kFloat,
  kDouble,
  kDictionary,  // codes of `width` bytes into `dictionary`; width 0: all rows have code `base`
  kRawString,   // rows + 1 offsets of 4 bytes into `heap`
};

// The values of one column in one row group. Filled by EncodeBlock, immutable afterwards.
struct ColumnBlock {
  BlockForm form = BlockForm::kOffset;
  uint8_t width = 0;
  bool sorted = false;  // ascending and without NULLs
  int rows = 0;
  int null_count = 0;
  int64_t base = 0;
  std::shared_ptr<const uint8_t[]> data;
  std::shared_ptr<const uint8_t[]> heap;    // kRawString
  std::shared_ptr<const uint64_t[]> nulls;  // bit set = NULL; absent when none
  std::shared_ptr<SharedDictionary> dictionary;

  // Zone maps: images (column/predicate.h) of the values that are not NULL; min > max when all are.
  int64_t min_image = INT64_MAX, max_image = INT64_MIN;
  std::vector<int64_t> batch_min, batch_max;  // per kBatchRows rows
  uint32_t batch_nulls = 0;                   // bit i: batch i has a NULL
  int min_code = 0, max_code = 0;             // kDictionary
  // kInt128: the exact bounds.
  int128_t min_wide = 0, max_wide = 0;

  base::MemoryCharge charge;
  int64_t byte_size = 0;

  int64_t bytes() const { return byte_size; }
  bool IsNull(int row) const { return nulls != nullptr && ((nulls[row >> 6] >> (row & 63)) & 1); }
  template <typename T>
  const T* codes() const {
    return reinterpret_cast<const T*>(data.get());
  }
  // kOffset, kDictionary: the code of a row; 0 for width 0.
  uint64_t CodeAt(size_t row) const {
    switch (width) {
      case 1:
        return codes<uint8_t>()[row];
      case 2:
        return codes<uint16_t>()[row];
      case 4:
        return codes<uint32_t>()[row];
      case 8:
        return codes<uint64_t>()[row];
      default:
        return 0;
    }
  }
  // kRawString.
  std::string_view TextAt(size_t row) const {
    const uint32_t* offset = codes<uint32_t>() + row;
    return {reinterpret_cast<const char*>(heap.get()) + offset[0], offset[1] - offset[0]};
  }
};

}  // namespace vesto::storage
