#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/int128.h"

namespace vesto::base {

// 64-bit finalizer: every input bit reaches every output bit. For in-memory tables only; what is
// frozen for distribution lives in column/dist_hash.h.
inline uint64_t HashInt(uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32;
  return x;
}

inline uint64_t HashCombine(uint64_t seed, uint64_t hash) {
  return HashInt(seed * 0x9e3779b97f4a7c15ULL + hash);
}

inline uint64_t HashInt128(int128_t x) {
  return HashCombine(HashInt(static_cast<uint64_t>(x)), static_cast<uint64_t>(x >> 64));
}

// XXH3 over the bytes.
uint64_t HashBytes(const void* data, size_t size);
inline uint64_t HashString(std::string_view text) { return HashBytes(text.data(), text.size()); }

}  // namespace vesto::base
