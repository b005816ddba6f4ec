#include "functions/murmur3.h"

#include <algorithm>
#include <cstring>

namespace vesto::functions {
namespace {

uint32_t RotateLeft(uint32_t x, int bits) { return x << bits | x >> (32 - bits); }

uint32_t Scramble(uint32_t k) { return RotateLeft(k * 0xcc9e2d51u, 15) * 0x1b873593u; }

}  // namespace

int32_t Murmur3(std::string_view bytes, uint32_t seed) {
  uint32_t hash = seed;
  size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    uint32_t block = 0;
    std::memcpy(&block, bytes.data() + at, 4);
    hash = RotateLeft(hash ^ Scramble(block), 13) * 5 + 0xe6546b64u;
  }
  uint32_t tail = 0;
  for (size_t i = bytes.size(); i-- > at;) tail = tail << 8 | static_cast<unsigned char>(bytes[i]);
  hash ^= Scramble(tail);
  hash ^= static_cast<uint32_t>(bytes.size());
  hash = (hash ^ hash >> 16) * 0x85ebca6bu;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
  return static_cast<int32_t>(hash ^ hash >> 16);
}

std::string ShortestBigEndian(int128_t value) {
  std::string bytes;
  do {
    bytes.push_back(static_cast<char>(value & 0xFF));
    value >>= 8;
  } while (
      !((value == 0 && (bytes.back() & 0x80) == 0) || (value == -1 && (bytes.back() & 0x80) != 0)));
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

}  // namespace vesto::functions
