// Included once by each tier's .cc file, inside an anonymous namespace that makes every function
// the tier's own. No include guard on purpose; intrinsics are included by the tier.

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;

// 64 bytes of 0 or 1 to 64 bits.
inline u64 PackBytes(const u8* bytes) {
#if defined(__AVX2__)
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32));
  const u32 a = static_cast<u32>(_mm256_movemask_epi8(_mm256_slli_epi16(low, 7)));
  const u32 b = static_cast<u32>(_mm256_movemask_epi8(_mm256_slli_epi16(high, 7)));
  return a | (static_cast<u64>(b) << 32);
#else
  u64 result = 0;
  for (int i = 0; i < 8; ++i) {
    u64 eight;
    __builtin_memcpy(&eight, bytes + i * 8, 8);
    result |= ((eight * 0x0102040810204080ULL) >> 56) << (i * 8);
  }
  return result;
#endif
}

// bits[w] &= word(64 rows), for every word that is not zero yet. `test(i)` is 0 or 1 for one row.
template <typename Word, typename Test>
inline void ForWords(int rows, u64* bits, Word word, Test test) {
  const int whole = rows / 64;
  for (int w = 0; w < whole; ++w) {
    if (bits[w] != 0) bits[w] &= word(w * 64);
  }
  if (rows % 64 != 0 && bits[whole] != 0) {
    u64 last = 0;
    for (int i = whole * 64; i < rows; ++i) last |= static_cast<u64>(test(i)) << (i & 63);
    bits[whole] &= last;
  }
}

// By a byte per row, which compilers vectorise.
template <typename Test>
inline void FilterBytes(int rows, u64* bits, Test test) {
  ForWords(
      rows, bits,
      [&](int begin) {
        alignas(64) u8 bytes[64];
        for (int i = 0; i < 64; ++i) bytes[i] = test(begin + i);
        return PackBytes(bytes);
      },
      test);
}

// By visiting set bits only: for tests that read memory at random.
template <typename Test>
inline void FilterSetBits(int rows, u64* bits, Test test) {
  const int words = (rows + 63) / 64;
  for (int w = 0; w < words; ++w) {
    u64 left = bits[w];
    u64 kept = 0;
    if (left == ~0ULL) {
      for (int i = 0; i < 64; ++i) kept |= static_cast<u64>(test(w * 64 + i)) << i;
    } else {
      while (left != 0) {
        const int i = __builtin_ctzll(left);
        left &= left - 1;
        kept |= static_cast<u64>(test(w * 64 + i)) << i;
      }
    }
    bits[w] = kept;
  }
}

template <typename T>
inline void RangeGeneric(const T* v, int rows, T lo, T span, bool negate, u64* bits) {
  if (negate) {
    FilterBytes(rows, bits, [=](int i) -> u8 { return static_cast<T>(v[i] - lo) > span; });
  } else {
    FilterBytes(rows, bits, [=](int i) -> u8 { return static_cast<T>(v[i] - lo) <= span; });
  }
}

#if defined(__AVX512BW__)
inline u64 LessEqual64(const u8* v, __m512i lo, __m512i span) {
  return _mm512_cmple_epu8_mask(_mm512_sub_epi8(_mm512_loadu_si512(v), lo), span);
}
inline u64 LessEqual64(const u16* v, __m512i lo, __m512i span) {
  const u64 a = _mm512_cmple_epu16_mask(_mm512_sub_epi16(_mm512_loadu_si512(v), lo), span);
  const u64 b = _mm512_cmple_epu16_mask(_mm512_sub_epi16(_mm512_loadu_si512(v + 32), lo), span);
  return a | (b << 32);
}
inline u64 LessEqual64(const u32* v, __m512i lo, __m512i span) {
  u64 result = 0;
  for (int i = 0; i < 4; ++i) {
    const u64 part =
        _mm512_cmple_epu32_mask(_mm512_sub_epi32(_mm512_loadu_si512(v + i * 16), lo), span);
    result |= part << (i * 16);
  }
  return result;
}
inline u64 LessEqual64(const u64* v, __m512i lo, __m512i span) {
  u64 result = 0;
  for (int i = 0; i < 8; ++i) {
    const u64 part =
        _mm512_cmple_epu64_mask(_mm512_sub_epi64(_mm512_loadu_si512(v + i * 8), lo), span);
    result |= part << (i * 8);
  }
  return result;
}
inline __m512i Splat(u8 x) { return _mm512_set1_epi8(static_cast<char>(x)); }
inline __m512i Splat(u16 x) { return _mm512_set1_epi16(static_cast<short>(x)); }
inline __m512i Splat(u32 x) { return _mm512_set1_epi32(static_cast<int>(x)); }
inline __m512i Splat(u64 x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
#endif

template <typename T>
void Range(const T* v, int rows, T lo, T span, bool negate, u64* bits) {
#if defined(__AVX512BW__)
  const __m512i lows = Splat(lo);
  const __m512i spans = Splat(span);
  const u64 flip = negate ? ~0ULL : 0;
  ForWords(
      rows, bits, [&](int begin) { return LessEqual64(v + begin, lows, spans) ^ flip; },
      [&](int i) -> u8 { return (static_cast<T>(v[i] - lo) <= span) != negate; });
#else
  RangeGeneric<T>(v, rows, lo, span, negate, bits);
#endif
}

// See DoubleImage.
inline int64_t Image(double value) {
  if (value != value) return INT64_MAX;
  value += 0.0;
  int64_t raw;
  __builtin_memcpy(&raw, &value, 8);
  return raw ^ ((raw >> 63) & INT64_MAX);
}

template <typename T>
void RangeFloat(const T* v, int rows, int64_t lo, int64_t hi, bool negate, u64* bits) {
  const u64 span = static_cast<u64>(hi) - static_cast<u64>(lo);
  FilterBytes(rows, bits, [=](int i) -> u8 {
    return (static_cast<u64>(Image(v[i])) - static_cast<u64>(lo) <= span) != negate;
  });
}

void TableU8(const u8* codes, int rows, const u8* pass, u64* bits) {
#if defined(__AVX512VBMI__)
  const __m512i t0 = _mm512_loadu_si512(pass);
  const __m512i t1 = _mm512_loadu_si512(pass + 64);
  const __m512i t2 = _mm512_loadu_si512(pass + 128);
  const __m512i t3 = _mm512_loadu_si512(pass + 192);
  ForWords(
      rows, bits,
      [&](int begin) -> u64 {
        const __m512i index = _mm512_loadu_si512(codes + begin);
        const __m512i low = _mm512_permutex2var_epi8(t0, index, t1);
        const __m512i high = _mm512_permutex2var_epi8(t2, index, t3);
        const __m512i value = _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
        return _mm512_test_epi8_mask(value, value);
      },
      [&](int i) -> u8 { return pass[codes[i]]; });
#else
  FilterSetBits(rows, bits, [=](int i) -> u8 { return pass[codes[i]]; });
#endif
}

#if defined(__AVX512BW__)
inline __m512i Load16AsU32(const u8* codes) {
  return _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes)));
}
inline __m512i Load16AsU32(const u16* codes) {
  return _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes)));
}
inline __m512i Load16AsU32(const u32* codes) { return _mm512_loadu_si512(codes); }
#endif

void TableU16(const u16* codes, int rows, const u8* pass, u64* bits) {
#if defined(__AVX512BW__)
  const __m512i one = _mm512_set1_epi32(1);
  ForWords(
      rows, bits,
      [&](int begin) -> u64 {
        u64 result = 0;
        for (int i = 0; i < 4; ++i) {
          const __m512i index = Load16AsU32(codes + begin + i * 16);
          const __m512i value = _mm512_i32gather_epi32(index, pass, 1);
          result |= static_cast<u64>(_mm512_test_epi32_mask(value, one)) << (i * 16);
        }
        return result;
      },
      [&](int i) -> u8 { return pass[codes[i]]; });
#else
  FilterSetBits(rows, bits, [=](int i) -> u8 { return pass[codes[i]]; });
#endif
}

template <typename T>
void Member(const T* codes, int rows, int32_t delta, const u64* words, u32 span, u64* bits) {
  auto test = [=](int i) -> u8 {
    const u32 bit = static_cast<u32>(codes[i]) + static_cast<u32>(delta);
    return bit <= span && ((words[bit >> 6] >> (bit & 63)) & 1);
  };
#if defined(__AVX512BW__)
  const __m512i deltas = _mm512_set1_epi32(delta);
  const __m512i spans = _mm512_set1_epi32(static_cast<int>(span));
  const __m512i ones = _mm512_set1_epi32(1);
  const __m512i low5 = _mm512_set1_epi32(31);
  ForWords(
      rows, bits,
      [&](int begin) -> u64 {
        u64 result = 0;
        for (int i = 0; i < 4; ++i) {
          const __m512i bit = _mm512_add_epi32(Load16AsU32(codes + begin + i * 16), deltas);
          const __mmask16 inside = _mm512_cmple_epu32_mask(bit, spans);
          const __m512i word = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), inside,
                                                           _mm512_srli_epi32(bit, 5), words, 4);
          const __m512i mask = _mm512_sllv_epi32(ones, _mm512_and_si512(bit, low5));
          result |= static_cast<u64>(_mm512_mask_test_epi32_mask(inside, word, mask)) << (i * 16);
        }
        return result;
      },
      test);
#else
  FilterSetBits(rows, bits, test);
#endif
}

void MemberU64(const u64* codes, int rows, u64 delta, const u64* words, u64 span, u64* bits) {
  FilterSetBits(rows, bits, [=](int i) -> u8 {
    const u64 bit = codes[i] + delta;
    return bit <= span && ((words[bit >> 6] >> (bit & 63)) & 1);
  });
}

int Positions(const u64* bits, int rows, u16* out) {
  const int words = (rows + 63) / 64;
  u16* next = out;
#if defined(__AVX512VBMI2__)
  alignas(64) u16 first[32];
  for (int i = 0; i < 32; ++i) first[i] = static_cast<u16>(i);
  __m512i low = _mm512_load_si512(first);
  const __m512i step = _mm512_set1_epi16(32);
  for (int w = 0; w < words; ++w) {
    const u64 word = bits[w];
    const u32 a = static_cast<u32>(word);
    const u32 b = static_cast<u32>(word >> 32);
    _mm512_storeu_si512(next, _mm512_maskz_compress_epi16(a, low));
    next += __builtin_popcount(a);
    low = _mm512_add_epi16(low, step);
    _mm512_storeu_si512(next, _mm512_maskz_compress_epi16(b, low));
    next += __builtin_popcount(b);
    low = _mm512_add_epi16(low, step);
  }
#else
  for (int w = 0; w < words; ++w) {
    u64 word = bits[w];
    if (word == ~0ULL) {
      for (int i = 0; i < 64; ++i) next[i] = static_cast<u16>(w * 64 + i);
      next += 64;
      continue;
    }
    while (word != 0) {
      *next++ = static_cast<u16>(w * 64 + __builtin_ctzll(word));
      word &= word - 1;
    }
  }
#endif
  return static_cast<int>(next - out);
}

int Count(const u64* bits, int words) {
  int count = 0;
  for (int w = 0; w < words; ++w) count += __builtin_popcountll(bits[w]);
  return count;
}

#if defined(__AVX512VBMI2__)
inline int PackWord(const u8* codes, u64 bits, u8* out) {
  _mm512_storeu_si512(out, _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(codes)));
  return __builtin_popcountll(bits);
}
inline int PackWord(const u16* codes, u64 bits, u16* out) {
  const u32 low = static_cast<u32>(bits);
  const u32 high = static_cast<u32>(bits >> 32);
  const int first = __builtin_popcount(low);
  _mm512_storeu_si512(out, _mm512_maskz_compress_epi16(low, _mm512_loadu_si512(codes)));
  _mm512_storeu_si512(out + first,
                      _mm512_maskz_compress_epi16(high, _mm512_loadu_si512(codes + 32)));
  return first + __builtin_popcount(high);
}
inline int PackWord(const u32* codes, u64 bits, u32* out) {
  u32* next = out;
  for (int i = 0; i < 4; ++i) {
    const auto part = static_cast<__mmask16>(bits >> (i * 16));
    _mm512_storeu_si512(next,
                        _mm512_maskz_compress_epi32(part, _mm512_loadu_si512(codes + i * 16)));
    next += __builtin_popcount(part);
  }
  return static_cast<int>(next - out);
}
inline int PackWord(const u64* codes, u64 bits, u64* out) {
  u64* next = out;
  for (int i = 0; i < 8; ++i) {
    const auto part = static_cast<__mmask8>(bits >> (i * 8));
    _mm512_storeu_si512(next, _mm512_maskz_compress_epi64(part, _mm512_loadu_si512(codes + i * 8)));
    next += __builtin_popcount(part);
  }
  return static_cast<int>(next - out);
}
#endif

template <typename T>
void Pack(const void* codes, int rows, const u64* bits, void* out) {
  const T* source = static_cast<const T*>(codes);
  T* next = static_cast<T*>(out);
  int w = 0;
#if defined(__AVX512VBMI2__)
  for (; w < rows / 64; ++w) next += PackWord(source + w * 64, bits[w], next);
#endif
  for (; w < (rows + 63) / 64; ++w) {
    for (u64 left = bits[w]; left != 0; left &= left - 1) {
      *next++ = source[w * 64 + __builtin_ctzll(left)];
    }
  }
}

template <typename Code, typename Out>
void Widen(const void* codes, int rows, int64_t base, void* out) {
  const Code* __restrict source = static_cast<const Code*>(codes);
  Out* __restrict target = static_cast<Out*>(out);
  const Out low = static_cast<Out>(base);
  for (int i = 0; i < rows; ++i) {
    target[i] = static_cast<Out>(static_cast<u64>(low) + source[i]);
  }
}

template <typename Code, typename Out>
void Gather(const void* codes, const u16* positions, int rows, int64_t base, void* out) {
  const Code* __restrict source = static_cast<const Code*>(codes);
  Out* __restrict target = static_cast<Out*>(out);
  const Out low = static_cast<Out>(base);
  for (int i = 0; i < rows; ++i) {
    target[i] = static_cast<Out>(static_cast<u64>(low) + source[positions[i]]);
  }
}

inline bool SameBytes(const char* a, const char* b, size_t size) {
  return __builtin_memcmp(a, b, size) == 0;
}

// Looks for the first and the last byte of the needle at many places at once; only where both are
// found are the bytes between compared.
size_t Find(const char* text, size_t size, const char* needle, size_t needle_size) {
  if (size < needle_size) return size;
  const size_t places = size - needle_size + 1;
  size_t i = 0;
#if defined(__AVX512BW__)
  const __m512i first = _mm512_set1_epi8(needle[0]);
  const __m512i last = _mm512_set1_epi8(needle[needle_size - 1]);
  for (; i + 64 <= places; i += 64) {
    const __m512i a = _mm512_loadu_si512(text + i);
    const __m512i b = _mm512_loadu_si512(text + i + needle_size - 1);
    u64 hits = _mm512_cmpeq_epi8_mask(a, first) & _mm512_cmpeq_epi8_mask(b, last);
    while (hits != 0) {
      const size_t at = i + __builtin_ctzll(hits);
      if (SameBytes(text + at, needle, needle_size)) return at;
      hits &= hits - 1;
    }
  }
#elif defined(__AVX2__)
  const __m256i first = _mm256_set1_epi8(needle[0]);
  const __m256i last = _mm256_set1_epi8(needle[needle_size - 1]);
  for (; i + 32 <= places; i += 32) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + i));
    const __m256i b =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + i + needle_size - 1));
    u32 hits = static_cast<u32>(_mm256_movemask_epi8(
        _mm256_and_si256(_mm256_cmpeq_epi8(a, first), _mm256_cmpeq_epi8(b, last))));
    while (hits != 0) {
      const size_t at = i + __builtin_ctz(hits);
      if (SameBytes(text + at, needle, needle_size)) return at;
      hits &= hits - 1;
    }
  }
#endif
  for (; i < places; ++i) {
    if (text[i] == needle[0] && SameBytes(text + i, needle, needle_size)) return i;
  }
  return size;
}

constexpr ScanKernels MakeKernels(const char* tier) {
  ScanKernels k{};
  k.tier = tier;
  k.range_u8 = Range<u8>;
  k.range_u16 = Range<u16>;
  k.range_u32 = Range<u32>;
  k.range_u64 = Range<u64>;
  k.range_f64 = RangeFloat<double>;
  k.range_f32 = RangeFloat<float>;
  k.table_u8 = TableU8;
  k.table_u16 = TableU16;
  k.member_u8 = Member<u8>;
  k.member_u16 = Member<u16>;
  k.member_u32 = Member<u32>;
  k.member_u64 = MemberU64;
  k.positions = Positions;
  k.count = Count;
#if defined(__AVX512VBMI2__)
  k.packs = true;
#endif
  k.pack[0] = Pack<u8>;
  k.pack[1] = Pack<u16>;
  k.pack[2] = Pack<u32>;
  k.pack[3] = Pack<u64>;
  k.widen[0][0] = Widen<u8, int16_t>;
  k.widen[0][1] = Widen<u8, int32_t>;
  k.widen[0][2] = Widen<u8, int64_t>;
  k.widen[1][0] = Widen<u16, int16_t>;
  k.widen[1][1] = Widen<u16, int32_t>;
  k.widen[1][2] = Widen<u16, int64_t>;
  k.widen[2][0] = Widen<u32, int16_t>;
  k.widen[2][1] = Widen<u32, int32_t>;
  k.widen[2][2] = Widen<u32, int64_t>;
  k.widen[3][0] = Widen<u64, int16_t>;
  k.widen[3][1] = Widen<u64, int32_t>;
  k.widen[3][2] = Widen<u64, int64_t>;
  k.gather[0][0] = Gather<u8, int16_t>;
  k.gather[0][1] = Gather<u8, int32_t>;
  k.gather[0][2] = Gather<u8, int64_t>;
  k.gather[1][0] = Gather<u16, int16_t>;
  k.gather[1][1] = Gather<u16, int32_t>;
  k.gather[1][2] = Gather<u16, int64_t>;
  k.gather[2][0] = Gather<u32, int16_t>;
  k.gather[2][1] = Gather<u32, int32_t>;
  k.gather[2][2] = Gather<u32, int64_t>;
  k.gather[3][0] = Gather<u64, int16_t>;
  k.gather[3][1] = Gather<u64, int32_t>;
  k.gather[3][2] = Gather<u64, int64_t>;
  k.find = Find;
  return k;
}
