#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace vesto::format {

// Which bytes end something: the first, vectorized pass over a text file.
using ByteSet = std::array<char, 4>;  // repeat one when there are fewer

// For each of `num_blocks` blocks of 64 bytes from `data`, a word whose bit i says that byte i of
// the block is in `set`. Returns true when any byte is outside ASCII. Runs at memory speed; the
// instruction set is chosen on each call.
bool MarkBytes(const char* data, size_t num_blocks, const ByteSet& set, uint64_t* masks);

// Walks over the set bits from a start position onwards. The caller makes sure that there is
// always one more bit: a sentinel after the data.
class MaskCursor {
 public:
  MaskCursor(const uint64_t* masks, size_t position)
      : masks_(masks),
        word_(position / 64),
        bits_(masks[word_] & (~uint64_t{0} << (position % 64))) {}

  size_t Next() {
    while (bits_ == 0) bits_ = masks_[++word_];
    const size_t position = word_ * 64 + static_cast<size_t>(__builtin_ctzll(bits_));
    bits_ &= bits_ - 1;
    return position;
  }

 private:
  const uint64_t* masks_;
  size_t word_;
  uint64_t bits_;
};

}  // namespace vesto::format
