#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "column/kernels/scan_kernels.h"
#include "column/vector.h"
#include "storage/column_block.h"

namespace vesto::storage {

// Which rows of a block are wanted: `count` rows from `begin` on, or those at begin + positions[i].
// A dense selection also comes as bits: then the wanted ones are the set bits number `skip` and
// following among `bit_rows` rows.
struct RowSelection {
  int begin = 0;
  const column::Position* positions = nullptr;  // null: consecutive
  int count = 0;
  const uint64_t* bits = nullptr;  // may be null
  int bit_rows = 0;
  int skip = 0;
};

// Turns one block into rows of output vectors of one physical form. The form is decided once per
// block, so that the per-batch work is one call of a kernel.
// Thread-safety: one thread at a time.
class BlockDecoder {
 public:
  // XX000 when a value does not fit the wanted form (the plan's proof was wrong).
  static absl::StatusOr<BlockDecoder> Open(const ColumnBlock& block, types::PhysicalType physical);

  // Writes the rows to `out` (flat of the form, or a dictionary vector for kDictionary blocks)
  // from row `offset` on, with their NULLs.
  void Decode(const RowSelection& rows, column::Vector* out, int offset) const;

 private:
  using Widen = void (*)(const void*, int, int64_t, void*);
  using Gather = void (*)(const void*, const uint16_t*, int, int64_t, void*);

  template <typename T>
  void Copy(const RowSelection& rows, T* out) const;
  // Widens codes of `width` bytes to `out`.
  void DecodeCodes(const RowSelection& rows, int64_t base, void* out) const;
  void DecodeValues(const RowSelection& rows, column::Vector* out, int offset) const;
  void DecodeNulls(const RowSelection& rows, column::Vector* out, int offset) const;

  const ColumnBlock* block_ = nullptr;
  types::PhysicalType physical_ = types::PhysicalType::kInt32;
  int value_size_ = 0;
  int log2_width_ = 0;
  Widen widen_ = nullptr;
  Gather gather_ = nullptr;
};

// One value, for comparisons of single rows. The block's exact integers, see `is_null` first.
Value BlockValue(const ColumnBlock& block, const Type& type, int row);
// The hash under which a distinct sketch knows a value that is not NULL.
uint64_t BlockHash(const ColumnBlock& block, int row);
// The image (column/predicate.h) of a value that is not NULL.
int64_t BlockImage(const ColumnBlock& block, int row);
// kDictionary: the images of the entries from min_code to max_code.
std::vector<int64_t> CodeImages(const ColumnBlock& block);
// -1, 0, 1 by the order that sort keys use: images ascending, NULL last.
int CompareImages(const ColumnBlock& a, int row_a, const ColumnBlock& b, int row_b);

}  // namespace vesto::storage
