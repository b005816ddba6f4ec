#pragma once

#include <cstdint>
#include <span>

#include "column/vector.h"

// Which slice a row belongs to. FROZEN: stored rows lie where this function put them, so a change
// would break every table with a DISTKEY. It sees values in their comparison form only: equal values
// of different integer types, and strings that differ in trailing blanks, hash alike; NULL is one
// fixed value.
namespace vesto::column {

// Neighbouring keys stay together: integers of magnitude 65,536 and more hash in blocks of 64, which
// keeps dense arrays and bitmaps of one slice on cache lines of their own (performance.md §8).
inline uint64_t DistHashInt(int64_t key) {
  const int64_t block = key > -65536 && key < 65536 ? key : key >> 6;
  return static_cast<uint64_t>(block) * 0x9e3779b97f4a7c15ULL;
}

// The slice of a hash: its high bits scaled to the slice count.
inline int SliceOf(uint64_t hash, int num_slices) {
  return static_cast<int>(
      (static_cast<unsigned __int128>(hash) * static_cast<uint64_t>(num_slices)) >> 64);
}

// hashes[i] = the hash of row i over all of `keys`; one key gives exactly the DISTKEY's hash.
void DistHash(std::span<const Vector> keys, int rows, uint64_t* hashes);

}  // namespace vesto::column
