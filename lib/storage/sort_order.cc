#include "storage/sort_order.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace vesto::storage {

template <typename Key>
void SortOrder::RadixSort(std::span<const uint64_t> keys, uint64_t low, uint64_t high) {
  struct Item {
    Key key;
    uint32_t row;
  };
  const size_t count = keys.size();
  auto items = std::make_unique_for_overwrite<Item[]>(count);
  for (size_t i = 0; i < count; ++i) {
    const uint32_t row = rows_.empty() ? static_cast<uint32_t>(i) : rows_[i];
    items[i] = {static_cast<Key>(keys[row] - low), row};
  }
  constexpr int kDigitBits = 11;
  constexpr size_t kDigits = size_t{1} << kDigitBits;
  if (count < 2 * kDigits) {
    std::stable_sort(items.get(), items.get() + count,
                     [](const Item& a, const Item& b) { return a.key < b.key; });
  } else {
    auto other = std::make_unique_for_overwrite<Item[]>(count);
    std::vector<uint32_t> places(kDigits);
    for (int shift = 0; shift < 64 && (high - low) >> shift != 0; shift += kDigitBits) {
      const auto digit = [shift](const Item& item) { return item.key >> shift & (kDigits - 1); };
      std::fill(places.begin(), places.end(), 0);
      for (size_t i = 0; i < count; ++i) ++places[digit(items[i])];
      uint32_t place = 0;
      for (uint32_t& start : places) place += std::exchange(start, place);
      for (size_t i = 0; i < count; ++i) other[places[digit(items[i])]++] = items[i];
      items.swap(other);
    }
  }
  rows_.resize(count);
  for (size_t i = 0; i < count; ++i) rows_[i] = items[i].row;
}

void SortOrder::SortBy(std::span<const uint64_t> keys) {
  uint64_t low = UINT64_MAX;
  uint64_t high = 0;
  uint64_t last = 0;
  bool sorted = true;
  for (size_t i = 0; i < keys.size(); ++i) {
    const uint64_t key = keys[rows_.empty() ? i : rows_[i]];
    low = std::min(low, key);
    high = std::max(high, key);
    sorted &= last <= key;
    last = key;
  }
  if (sorted) return;
  if (high - low <= UINT32_MAX) {
    RadixSort<uint32_t>(keys, low, high);
  } else {
    RadixSort<uint64_t>(keys, low, high);
  }
}

}  // namespace vesto::storage
