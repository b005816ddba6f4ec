#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "base/cancellation.h"
#include "base/memory_pool.h"
#include "column/vector.h"
#include "exec/steps/key_batch.h"
#include "exec/steps/row_store.h"

// Sorting of stored rows by several keys.
//
// An *image* of a value is a 64-bit number in the order of the values. An image is exact when equal
// images mean equal values (integers, floats, dictionary ranks), else a prefix (strings, 128-bit
// decimals). Keys are packed, each in as few bits as its range needs, into one 64-bit prefix per row;
// rows are radix-sorted by it, and only runs of equal inexact prefixes are compared key by key
// (performance.md §10).
namespace vesto::exec {

struct RowSortKey {
  const StoredColumn* column = nullptr;
  bool descending = false;
  bool nulls_first = false;
};

// `*order` becomes the row numbers [0, rows) in the order of `keys`; ties keep their order.
absl::Status SortRowNumbers(std::span<const RowSortKey> keys, uint32_t rows,
                            const base::Cancellation* cancellation, base::MemoryPool* memory,
                            std::vector<uint32_t>* order);

// -1, 0, 1: the order of two stored rows.
int CompareStoredRows(std::span<const RowSortKey> keys, uint32_t a, uint32_t b);

// A coarse image of each row that takes direction and NULLs into account: a smaller image means that
// the row comes first, equal ones decide nothing. Comparable between batches.
void CoarseImages(const column::Vector& vector, int rows, bool descending, bool nulls_first,
                  uint64_t* images);

// -1, 0, 1: the order of row `a` of `x` and row `b` of `y`, vectors of one type and any kind.
int CompareVectorRows(const column::Vector& x, int a, const column::Vector& y, int b,
                      bool descending, bool nulls_first);

}  // namespace vesto::exec
