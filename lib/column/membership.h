#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/hash.h"

namespace vesto::column {

// The keys of a join's build side, published to the scan of the probe side: "may this key have a
// match?". A bitmap over [min, max] when the keys are dense (then exact), else a blocked Bloom
// filter. Keys are images (predicate.h) of integers, dates, decimals; strings come as
// hashes of their comparison form (base::HashString).
// Thread-safety: immutable once built.
class MembershipFilter {
 public:
  enum class Form : uint8_t { kEmpty, kBitmap, kBloom };

  // The best form for these keys (any order, duplicates welcome).
  static std::shared_ptr<const MembershipFilter> Of(std::span<const int64_t> keys);
  static std::shared_ptr<const MembershipFilter> OfStringHashes(std::span<const uint64_t> hashes);
  // A bitmap that the build already has: bit i of `words` is key min + i, up to max. The words are
  // kept alive by the pointer.
  static std::shared_ptr<const MembershipFilter> OfBitmap(
      int64_t min, int64_t max, std::shared_ptr<const std::vector<uint64_t>> words, int64_t keys);

  Form form() const { return form_; }
  int64_t min() const { return min_; }
  int64_t max() const { return max_; }
  // Distinct keys at least for bitmaps, keys given for Bloom filters.
  int64_t num_keys() const { return num_keys_; }
  bool of_strings() const { return of_strings_; }

  bool MayContain(int64_t key) const {
    if (key < min_ || key > max_) return false;
    if (form_ == Form::kBitmap) {
      const uint64_t bit = static_cast<uint64_t>(key) - static_cast<uint64_t>(min_);
      return (words_[bit >> 6] >> (bit & 63)) & 1;
    }
    return form_ == Form::kBloom && BloomContains(base::HashInt(static_cast<uint64_t>(key)));
  }
  bool MayContainHash(uint64_t hash) const { return form_ == Form::kBloom && BloomContains(hash); }
  // May any key of [lo, hi] be contained? Looks at no more than a few cache lines.
  bool MayContainRange(int64_t lo, int64_t hi) const;

  // kBitmap: bit i is key min() + i.
  const uint64_t* words() const { return words_; }

 private:
  // One 64-bit word per hash, four bits in it.
  static uint64_t BloomMask(uint64_t hash) {
    return (1ULL << (hash & 63)) | (1ULL << ((hash >> 6) & 63)) | (1ULL << ((hash >> 12) & 63)) |
           (1ULL << ((hash >> 18) & 63));
  }
  bool BloomContains(uint64_t hash) const {
    const uint64_t mask = BloomMask(hash);
    return (words_[(hash >> 32) & bloom_mask_] & mask) == mask;
  }
  void BuildBloom(std::span<const uint64_t> hashes);

  Form form_ = Form::kEmpty;
  bool of_strings_ = false;
  int64_t min_ = 0;
  int64_t max_ = -1;
  int64_t num_keys_ = 0;
  uint64_t bloom_mask_ = 0;
  const uint64_t* words_ = nullptr;
  std::shared_ptr<const std::vector<uint64_t>> storage_;
};

}  // namespace vesto::column
