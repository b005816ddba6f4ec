#include "format/byte_masks.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vesto::format {
namespace {

#if defined(__x86_64__)

__attribute__((target("avx512bw"))) bool MarkAvx512(const char* data, size_t num_blocks,
                                                    const ByteSet& set, uint64_t* masks) {
  const __m512i a = _mm512_set1_epi8(set[0]), b = _mm512_set1_epi8(set[1]);
  const __m512i c = _mm512_set1_epi8(set[2]), d = _mm512_set1_epi8(set[3]);
  uint64_t high = 0;
  for (size_t i = 0; i < num_blocks; ++i) {
    const __m512i bytes = _mm512_loadu_si512(data + i * 64);
    masks[i] = _mm512_cmpeq_epi8_mask(bytes, a) | _mm512_cmpeq_epi8_mask(bytes, b) |
               _mm512_cmpeq_epi8_mask(bytes, c) | _mm512_cmpeq_epi8_mask(bytes, d);
    high |= _mm512_movepi8_mask(bytes);
  }
  return high != 0;
}

__attribute__((target("avx2"))) bool MarkAvx2(const char* data, size_t num_blocks,
                                              const ByteSet& set, uint64_t* masks) {
  const __m256i a = _mm256_set1_epi8(set[0]), b = _mm256_set1_epi8(set[1]);
  const __m256i c = _mm256_set1_epi8(set[2]), d = _mm256_set1_epi8(set[3]);
  uint32_t high = 0;
  for (size_t i = 0; i < num_blocks; ++i) {
    uint64_t mask = 0;
    for (int half = 1; half >= 0; --half) {
      const __m256i bytes =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data + i * 64 + half * 32));
      const __m256i found = _mm256_or_si256(
          _mm256_or_si256(_mm256_cmpeq_epi8(bytes, a), _mm256_cmpeq_epi8(bytes, b)),
          _mm256_or_si256(_mm256_cmpeq_epi8(bytes, c), _mm256_cmpeq_epi8(bytes, d)));
      mask = mask << 32 | static_cast<uint32_t>(_mm256_movemask_epi8(found));
      high |= static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
    }
    masks[i] = mask;
  }
  return high != 0;
}

// SSE2 is part of every x86-64.
bool MarkSse2(const char* data, size_t num_blocks, const ByteSet& set, uint64_t* masks) {
  const __m128i a = _mm_set1_epi8(set[0]), b = _mm_set1_epi8(set[1]);
  const __m128i c = _mm_set1_epi8(set[2]), d = _mm_set1_epi8(set[3]);
  uint32_t high = 0;
  for (size_t i = 0; i < num_blocks; ++i) {
    uint64_t mask = 0;
    for (int quarter = 3; quarter >= 0; --quarter) {
      const __m128i bytes =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + i * 64 + quarter * 16));
      const __m128i found =
          _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, a), _mm_cmpeq_epi8(bytes, b)),
                       _mm_or_si128(_mm_cmpeq_epi8(bytes, c), _mm_cmpeq_epi8(bytes, d)));
      mask = mask << 16 | static_cast<uint32_t>(_mm_movemask_epi8(found));
      high |= static_cast<uint32_t>(_mm_movemask_epi8(bytes));
    }
    masks[i] = mask;
  }
  return high != 0;
}

#else

bool MarkPortable(const char* data, size_t num_blocks, const ByteSet& set, uint64_t* masks) {
  unsigned char high = 0;
  for (size_t i = 0; i < num_blocks; ++i) {
    uint64_t mask = 0;
    for (int bit = 0; bit < 64; ++bit) {
      const char byte = data[i * 64 + bit];
      const bool found = byte == set[0] || byte == set[1] || byte == set[2] || byte == set[3];
      mask |= uint64_t{found} << bit;
      high |= static_cast<unsigned char>(byte);
    }
    masks[i] = mask;
  }
  return (high & 0x80) != 0;
}

#endif

}  // namespace

bool MarkBytes(const char* data, size_t num_blocks, const ByteSet& set, uint64_t* masks) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw")) return MarkAvx512(data, num_blocks, set, masks);
  if (__builtin_cpu_supports("avx2")) return MarkAvx2(data, num_blocks, set, masks);
  return MarkSse2(data, num_blocks, set, masks);
#else
  return MarkPortable(data, num_blocks, set, masks);
#endif
}

}  // namespace vesto::format
