#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vesto::storage {

// Finds the order of rows by their sort keys: one call of SortBy for each key, least significant
// first, as every sort is stable. Up to 2^32 - 1 rows.
// Thread-safety: thread-compatible.
class SortOrder {
 public:
  // Most memory that sorting takes for each row, beside the keys.
  static constexpr int64_t kBytesPerRow = 36;

  // keys[i] belongs to row i. Radix sort over the bits in which the keys differ; rows that are in
  // order already cost one look at each.
  void SortBy(std::span<const uint64_t> keys);

  // The rows in order; empty when they are in order as they stand.
  const std::vector<uint32_t>& rows() const { return rows_; }

 private:
  template <typename Key>
  void RadixSort(std::span<const uint64_t> keys, uint64_t low, uint64_t high);

  std::vector<uint32_t> rows_;
};

// The key of an image (column/predicate.h): unsigned, in the same order. NULL is last.
inline uint64_t SortKeyOf(int64_t image) { return static_cast<uint64_t>(image) ^ (1ULL << 63); }
inline constexpr uint64_t kNullSortKey = UINT64_MAX;

}  // namespace vesto::storage
