#include "column/membership.h"

#include <algorithm>
#include <bit>

namespace vesto::column {
namespace {

// A bitmap is chosen up to this many bits per key, or when it fits the second-level cache anyway.
constexpr uint64_t kBitsPerKey = 64;
constexpr uint64_t kSmallBitmapBits = 1 << 20;
constexpr uint64_t kMaxBitmapBits = 1ULL << 31;

}  // namespace

std::shared_ptr<const MembershipFilter> MembershipFilter::Of(std::span<const int64_t> keys) {
  auto filter = std::make_shared<MembershipFilter>();
  if (keys.empty()) return filter;
  const auto [low, high] = std::minmax_element(keys.begin(), keys.end());
  filter->min_ = *low;
  filter->max_ = *high;
  const uint64_t span = static_cast<uint64_t>(*high) - static_cast<uint64_t>(*low);
  if (span < kMaxBitmapBits && (span < kSmallBitmapBits || span / kBitsPerKey < keys.size())) {
    auto words = std::make_shared<std::vector<uint64_t>>(span / 64 + 1);
    for (int64_t key : keys) {
      const uint64_t bit = static_cast<uint64_t>(key) - static_cast<uint64_t>(filter->min_);
      (*words)[bit >> 6] |= 1ULL << (bit & 63);
    }
    for (uint64_t word : *words) filter->num_keys_ += std::popcount(word);
    filter->form_ = Form::kBitmap;
    filter->words_ = words->data();
    filter->storage_ = std::move(words);
    return filter;
  }
  std::vector<uint64_t> hashes(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    hashes[i] = base::HashInt(static_cast<uint64_t>(keys[i]));
  }
  filter->BuildBloom(hashes);
  return filter;
}

std::shared_ptr<const MembershipFilter> MembershipFilter::OfStringHashes(
    std::span<const uint64_t> hashes) {
  auto filter = std::make_shared<MembershipFilter>();
  filter->of_strings_ = true;
  if (!hashes.empty()) filter->BuildBloom(hashes);
  return filter;
}

std::shared_ptr<const MembershipFilter> MembershipFilter::OfBitmap(
    int64_t min, int64_t max, std::shared_ptr<const std::vector<uint64_t>> words, int64_t keys) {
  auto filter = std::make_shared<MembershipFilter>();
  if (max < min) return filter;
  filter->form_ = Form::kBitmap;
  filter->min_ = min;
  filter->max_ = max;
  filter->num_keys_ = keys;
  filter->words_ = words->data();
  filter->storage_ = std::move(words);
  return filter;
}

void MembershipFilter::BuildBloom(std::span<const uint64_t> hashes) {
  // About 16 bits per key: one false positive in some 200.
  const uint64_t words = std::bit_ceil(std::max<uint64_t>(hashes.size() / 4, 16));
  auto storage = std::make_shared<std::vector<uint64_t>>(words);
  bloom_mask_ = words - 1;
  for (uint64_t hash : hashes) (*storage)[(hash >> 32) & bloom_mask_] |= BloomMask(hash);
  form_ = Form::kBloom;
  num_keys_ = static_cast<int64_t>(hashes.size());
  words_ = storage->data();
  storage_ = std::move(storage);
}

bool MembershipFilter::MayContainRange(int64_t lo, int64_t hi) const {
  if (form_ == Form::kEmpty) return false;
  if (of_strings_) return true;
  lo = std::max(lo, min_);
  hi = std::min(hi, max_);
  if (lo > hi) return false;
  if (form_ != Form::kBitmap) return true;
  const uint64_t first = static_cast<uint64_t>(lo) - static_cast<uint64_t>(min_);
  const uint64_t last = static_cast<uint64_t>(hi) - static_cast<uint64_t>(min_);
  constexpr uint64_t kMaxWords = 64;
  if ((last >> 6) - (first >> 6) >= kMaxWords) return true;
  for (uint64_t w = first >> 6; w <= last >> 6; ++w) {
    uint64_t word = words_[w];
    if (w == first >> 6) word &= ~0ULL << (first & 63);
    if (w == last >> 6) word &= ~0ULL >> (63 - (last & 63));
    if (word != 0) return true;
  }
  return false;
}

}  // namespace vesto::column
