#pragma once

#include <stddef.h>
#include <stdint.h>

// The primitives of scans that are built once per instruction set and picked once at run time
// (performance.md §1.6). Per-tier files include this header and scan_kernels_inl.h only, so that no
// inline function of the standard library is compiled for a machine that others lack.
//
// A bitmap has one bit per row; filters AND into it, words that are zero already are skipped, and
// bits beyond `rows` stay zero.
namespace vesto::column::kernels {

// One set of primitives. Immutable.
struct ScanKernels {
  const char* tier;

  // Keeps the rows with lo <= v[i] <= lo + span (unsigned); `negate`: the others.
  void (*range_u8)(const uint8_t* v, int rows, uint8_t lo, uint8_t span, bool negate,
                   uint64_t* bits);
  void (*range_u16)(const uint16_t* v, int rows, uint16_t lo, uint16_t span, bool negate,
                    uint64_t* bits);
  void (*range_u32)(const uint32_t* v, int rows, uint32_t lo, uint32_t span, bool negate,
                    uint64_t* bits);
  void (*range_u64)(const uint64_t* v, int rows, uint64_t lo, uint64_t span, bool negate,
                    uint64_t* bits);
  // lo <= image <= hi over the images of column/predicate.h.
  void (*range_f64)(const double* v, int rows, int64_t lo, int64_t hi, bool negate, uint64_t* bits);
  void (*range_f32)(const float* v, int rows, int64_t lo, int64_t hi, bool negate, uint64_t* bits);

  // Keeps the rows with pass[code] != 0 (each 0 or 1). `pass` has 256 entries for u8; for u16 one
  // per code and 4 more bytes of padding.
  void (*table_u8)(const uint8_t* codes, int rows, const uint8_t* pass, uint64_t* bits);
  void (*table_u16)(const uint16_t* codes, int rows, const uint8_t* pass, uint64_t* bits);

  // Keeps the rows whose bit (code + delta) of `words` is set; numbers outside [0, span] have none.
  // |delta|, span and every code are below 2^31.
  void (*member_u8)(const uint8_t* codes, int rows, int32_t delta, const uint64_t* words,
                    uint32_t span, uint64_t* bits);
  void (*member_u16)(const uint16_t* codes, int rows, int32_t delta, const uint64_t* words,
                     uint32_t span, uint64_t* bits);
  void (*member_u32)(const uint32_t* codes, int rows, int32_t delta, const uint64_t* words,
                     uint32_t span, uint64_t* bits);
  // The same without limits.
  void (*member_u64)(const uint64_t* codes, int rows, uint64_t delta, const uint64_t* words,
                     uint64_t span, uint64_t* bits);

  // The positions of the set bits, ascending. Returns how many; may write 64 entries beyond.
  int (*positions)(const uint64_t* bits, int rows, uint16_t* out);

  // How many bits are set in `words` words.
  int (*count)(const uint64_t* bits, int words);
  // The codes of the rows whose bits are set, packed, by log2 of the code's bytes; may write 64
  // entries beyond. Worth it for dense selections where `packs` says that it costs the same for
  // all.
  bool packs;
  void (*pack[4])(const void* codes, int rows, const uint64_t* bits, void* out);

  // out[i] = base + codes[i], or base + codes[positions[i]] by the gather forms.
  // First index: log2 of the code's bytes (u8, u16, u32, u64); second: i16, i32, i64.
  void (*widen[4][3])(const void* codes, int rows, int64_t base, void* out);
  void (*gather[4][3])(const void* codes, const uint16_t* positions, int rows, int64_t base,
                       void* out);

  // The first place of `needle` (1 byte or more) in `text`, or `size`.
  size_t (*find)(const char* text, size_t size, const char* needle, size_t needle_size);
};

const ScanKernels& ScalarScanKernels();  // works anywhere; the oracle of tests
#if defined(__x86_64__)
const ScanKernels& Avx2ScanKernels();
const ScanKernels& Avx512ScanKernels();
#endif

// The best set for this machine.
const ScanKernels& GetScanKernels();

}  // namespace vesto::column::kernels
