#include "column/dist_hash.h"

#include <cstring>
#include <string_view>

#include "base/hash.h"
#include "base/int128.h"
#include "column/dispatch.h"

namespace vesto::column {
namespace {

constexpr uint64_t kNullHash = 0x5bd1e995a5a5a5a5ULL;

uint64_t HashText(std::string_view text, bool fold) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (!fold) return base::HashString(text);
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return base::HashString(folded);
}

template <typename T>
uint64_t HashValue(const T& value, bool fold) {
  if constexpr (std::is_same_v<T, StringRef>) {
    return HashText(value.view(), fold);
  } else if constexpr (std::is_floating_point_v<T>) {
    double number = static_cast<double>(value);
    if (number == 0) number = 0;  // -0 equals 0
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof(bits));
    return base::HashInt(bits);
  } else {
    // A decimal of any width hashes by its low 64 bits: equal values have equal ones.
    return DistHashInt(static_cast<int64_t>(value));
  }
}

}  // namespace

void DistHash(std::span<const Vector> keys, int rows, uint64_t* hashes) {
  bool first = true;
  for (const Vector& key : keys) {
    const bool fold = key.type().case_insensitive;
    const auto combine = [&](int row, uint64_t hash) {
      hashes[row] = first ? hash : base::HashCombine(hashes[row], hash);
    };
    if (key.is_dictionary()) {
      const auto& entries = key.dictionary()->entries;
      for (int i = 0; i < rows; ++i) {
        combine(i, key.IsNull(i) ? kNullHash : HashValue(entries[key.codes()[i]], fold));
      }
    } else {
      DispatchPhysical(key.physical(), [&](auto tag) {
        using T = decltype(tag);
        const T* data = key.data<T>();
        if (key.is_constant()) {
          const uint64_t hash = key.IsNull(0) ? kNullHash : HashValue(*data, fold);
          for (int i = 0; i < rows; ++i) combine(i, hash);
        } else if (key.has_nulls()) {
          for (int i = 0; i < rows; ++i) {
            combine(i, key.IsNull(i) ? kNullHash : HashValue(data[i], fold));
          }
        } else {
          for (int i = 0; i < rows; ++i) combine(i, HashValue(data[i], fold));
        }
      });
    }
    first = false;
  }
}

}  // namespace vesto::column
