#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace vesto::column {

// HyperLogLog with 2048 registers: how many distinct values, within about 2.5 %, mergeable over
// slices. For estimates only; the SQL function HLL has its own sketch.
// Thread-safety: thread-compatible.
class DistinctSketch {
 public:
  // `hash`: base::HashInt of the image, base::HashString of the comparison form.
  void Add(uint64_t hash) {
    const uint32_t index = hash >> (64 - kIndexBits);
    const auto rank = static_cast<uint8_t>(
        1 + std::countl_zero((hash << kIndexBits) | (1ULL << (kIndexBits - 1))));
    if (registers_[index] < rank) registers_[index] = rank;
  }
  void Merge(const DistinctSketch& other) {
    for (int i = 0; i < kRegisters; ++i) {
      if (registers_[i] < other.registers_[i]) registers_[i] = other.registers_[i];
    }
  }
  double Estimate() const;

 private:
  static constexpr int kIndexBits = 11;
  static constexpr int kRegisters = 1 << kIndexBits;
  std::array<uint8_t, kRegisters> registers_{};
};

}  // namespace vesto::column
