#include "exec/steps/slot_cache.h"

#include <algorithm>

#include "base/int128.h"
#include "column/dispatch.h"

namespace vesto::exec {

using column::StringRef;
using column::Vector;
using types::PhysicalType;

bool SlotCache::Measure(const Vector& vector, int rows, Key* key) const {
  if (vector.is_dictionary()) {
    if (vector.dictionary()->entries.size() + 1 > kMaxSlots) return false;
    key->dictionary = vector.dictionary();
    key->size = static_cast<int>(vector.dictionary()->entries.size()) + 1;
    return true;
  }
  if (vector.is_constant()) return false;
  return column::DispatchPhysical(vector.physical(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T>) {
      const T* values = vector.data<T>();
      T min = values[0], max = values[0];
      for (int i = 1; i < rows; ++i) {
        min = std::min(min, values[i]);
        max = std::max(max, values[i]);
      }
      int64_t low = min, high = max;
      // Keep what the cache covers already, so that it settles.
      if (key->size > 0 && key->dictionary == nullptr) {
        low = std::min(low, key->base);
        high = std::max(high, key->base + key->size - 2);
      }
      if (static_cast<uint64_t>(high) - static_cast<uint64_t>(low) > kMaxSlots - 2) return false;
      key->dictionary = nullptr;
      key->base = low;
      key->size = static_cast<int>(high - low) + 2;
      return true;
    } else {
      return false;
    }
  });
}

bool SlotCache::Load(std::span<const Vector> keys, int rows) {
  // Keys that never settle cost more than they save.
  if (failures_ > 16 || (batches_ > 64 && changes_ * 4 > batches_)) return false;
  ++batches_;
  if (keys_.empty()) keys_.resize(keys.size());
  bool changed = num_slots_ == 0;
  int64_t total = 1;
  for (size_t k = 0; k < keys.size(); ++k) {
    Key key = keys_[k];
    if (!Measure(keys[k], rows, &key)) {
      ++failures_;
      num_slots_ = 0;  // keys before this one may have changed
      return false;
    }
    changed = changed || key.dictionary != keys_[k].dictionary || key.base != keys_[k].base ||
              key.size != keys_[k].size;
    keys_[k] = std::move(key);
    total *= keys_[k].size;
    if (total > kMaxSlots) {
      ++failures_;
      num_slots_ = 0;
      keys_.clear();
      return false;
    }
  }
  if (changed) {
    ++changes_;
    num_slots_ = static_cast<int>(total);
    rows_.assign(num_slots_, nullptr);
  }
  slots_.resize(column::kBatchRows);
  uint16_t* out = slots_.data();
  for (size_t k = 0; k < keys.size(); ++k) {
    const Vector& vector = keys[k];
    const auto size = static_cast<uint32_t>(keys_[k].size);
    const auto fold = [&](auto&& code_of) {
      const uint8_t* nulls = vector.nulls();
      for (int i = 0; i < rows; ++i) {
        const uint32_t code =
            nulls != nullptr && nulls[i] != 0 ? size - 1 : static_cast<uint32_t>(code_of(i));
        out[i] = static_cast<uint16_t>((k == 0 ? 0u : out[i] * size) + code);
      }
    };
    if (vector.is_dictionary()) {
      const uint16_t* codes = vector.codes();
      fold([codes](int i) { return codes[i]; });
    } else {
      column::DispatchPhysical(vector.physical(), [&](auto tag) {
        using T = decltype(tag);
        if constexpr (std::is_integral_v<T>) {
          const T* values = vector.data<T>();
          const int64_t base = keys_[k].base;
          fold([values, base](int i) { return static_cast<int64_t>(values[i]) - base; });
        }
      });
    }
  }
  return true;
}

}  // namespace vesto::exec
