#include "exec/steps/row_sort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

#include "absl/strings/ascii.h"
#include "base/int128.h"
#include "base/status_macros.h"
#include "column/dispatch.h"

namespace vesto::exec {

using column::StringRef;
using column::Vector;
using types::PhysicalType;

namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;

uint64_t ImageOf(int64_t value) { return static_cast<uint64_t>(value) ^ kSignBit; }
// The upper half: an exact order needs the lower one too.
uint64_t ImageOf(int128_t value) { return ImageOf(static_cast<int64_t>(value >> 64)); }
uint64_t ImageOf(double value) {
  const uint64_t bits = DoubleKey(value);
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}
uint64_t ImageOf(const StringRef& text, const KeyForm& form) {
  const StringRef trimmed = form.trims ? Trimmed(text) : text;
  uint8_t bytes[8] = {};
  std::memcpy(bytes, trimmed.data(), std::min<size_t>(8, trimmed.size()));
  uint64_t image = 0;
  for (const uint8_t byte : bytes) {
    image = image << 8 | (form.folds ? static_cast<uint8_t>(absl::ascii_tolower(byte)) : byte);
  }
  return image;
}

template <typename T>
uint64_t NumberImage(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    return ImageOf(static_cast<double>(value));
  } else if constexpr (std::is_same_v<T, int128_t>) {
    return ImageOf(value);
  } else {
    return ImageOf(static_cast<int64_t>(value));
  }
}

// The images of a whole column; false when they are prefixes only.
bool ColumnImages(const StoredColumn& column, uint32_t rows, uint64_t* images) {
  const KeyForm form = KeyFormOf(column.type());
  if (column.is_codes()) {
    // Dictionary entries by rank; entries that compare equal share one.
    std::vector<StringRef> entries;
    std::vector<uint32_t> rank_of;
    uint16_t max_code = 0;
    const uint16_t* codes = column.data<uint16_t>();
    for (uint32_t i = 0; i < rows; ++i) max_code = std::max(max_code, codes[i]);
    std::vector<int32_t> sample(static_cast<size_t>(max_code) + 1, -1);
    for (uint32_t i = 0; i < rows; ++i) {
      if (sample[codes[i]] < 0 && !column.IsNull(i)) sample[codes[i]] = static_cast<int32_t>(i);
    }
    std::vector<uint32_t> used;
    for (uint32_t code = 0; code <= max_code; ++code) {
      if (sample[code] >= 0) used.push_back(code);
    }
    const auto text = [&](uint32_t code) { return column.StringAt(sample[code]); };
    std::sort(used.begin(), used.end(), [&](uint32_t a, uint32_t b) {
      return CompareText(text(a), text(b), form) < 0;
    });
    std::vector<uint64_t> ranks(static_cast<size_t>(max_code) + 1, 0);
    uint64_t rank = 0;
    for (size_t i = 0; i < used.size(); ++i) {
      if (i > 0 && CompareText(text(used[i - 1]), text(used[i]), form) != 0) ++rank;
      ranks[used[i]] = rank;
    }
    for (uint32_t i = 0; i < rows; ++i) images[i] = ranks[codes[i]];
    return true;
  }
  if (column.physical() == PhysicalType::kString) {
    const StringRef* values = column.data<StringRef>();
    for (uint32_t i = 0; i < rows; ++i) images[i] = ImageOf(values[i], form);
    return false;
  }
  if (column.physical() == PhysicalType::kInt128) {
    const int128_t* values = column.data<int128_t>();
    bool narrow = true;
    for (uint32_t i = 0; i < rows && narrow; ++i) {
      narrow = values[i] == static_cast<int64_t>(values[i]);
    }
    if (narrow) {
      for (uint32_t i = 0; i < rows; ++i) images[i] = ImageOf(static_cast<int64_t>(values[i]));
    } else {
      for (uint32_t i = 0; i < rows; ++i) images[i] = ImageOf(values[i]);
    }
    return narrow;
  }
  column::DispatchPhysical(column.physical(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, StringRef>) {
      const T* values = column.data<T>();
      for (uint32_t i = 0; i < rows; ++i) images[i] = NumberImage(values[i]);
    }
  });
  return true;
}

template <typename T>
int Order(T a, T b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int CompareStored(const StoredColumn& column, uint32_t a, uint32_t b) {
  switch (column.physical()) {
    case PhysicalType::kBool: return Order(column.data<uint8_t>()[a], column.data<uint8_t>()[b]);
    case PhysicalType::kInt16: return Order(column.data<int16_t>()[a], column.data<int16_t>()[b]);
    case PhysicalType::kInt32: return Order(column.data<int32_t>()[a], column.data<int32_t>()[b]);
    case PhysicalType::kInt64: return Order(column.data<int64_t>()[a], column.data<int64_t>()[b]);
    case PhysicalType::kInt128:
      return Order(column.data<int128_t>()[a], column.data<int128_t>()[b]);
    case PhysicalType::kFloat:
      return Order(NumberImage(column.data<float>()[a]), NumberImage(column.data<float>()[b]));
    case PhysicalType::kDouble:
      return Order(NumberImage(column.data<double>()[a]), NumberImage(column.data<double>()[b]));
    case PhysicalType::kString:
      return CompareText(column.StringAt(a), column.StringAt(b), KeyFormOf(column.type()));
  }
  __builtin_unreachable();
}

struct Entry {
  uint64_t prefix;
  uint32_t row;
};

absl::Status CheckCancelled(const base::Cancellation* cancellation) {
  return cancellation == nullptr ? absl::OkStatus() : cancellation->status();
}

// Least significant byte first; bytes that are the same everywhere cost only their count.
absl::Status RadixSort(std::vector<Entry>& entries, int bits,
                       const base::Cancellation* cancellation) {
  std::vector<Entry> other(entries.size());
  for (int shift = 0; shift < bits; shift += 8) {
    std::array<uint32_t, 256> counts{};
    for (const Entry& entry : entries) ++counts[(entry.prefix >> shift) & 255];
    if (std::find(counts.begin(), counts.end(), entries.size()) != counts.end()) continue;
    uint32_t begin = 0;
    for (uint32_t& count : counts) begin += std::exchange(count, begin);
    for (const Entry& entry : entries) other[counts[(entry.prefix >> shift) & 255]++] = entry;
    entries.swap(other);
    VESTO_RETURN_IF_ERROR(CheckCancelled(cancellation));
  }
  return absl::OkStatus();
}

}  // namespace

int CompareStoredRows(std::span<const RowSortKey> keys, uint32_t a, uint32_t b) {
  for (const RowSortKey& key : keys) {
    const bool null_a = key.column->IsNull(a), null_b = key.column->IsNull(b);
    if (null_a || null_b) {
      if (null_a && null_b) continue;
      return null_a == key.nulls_first ? -1 : 1;
    }
    const int order = CompareStored(*key.column, a, b);
    if (order != 0) return key.descending ? -order : order;
  }
  return 0;
}

absl::Status SortRowNumbers(std::span<const RowSortKey> keys, uint32_t rows,
                            const base::Cancellation* cancellation, base::MemoryPool* memory,
                            std::vector<uint32_t>* order) {
  order->resize(rows);
  std::iota(order->begin(), order->end(), 0u);
  if (rows <= 1 || keys.empty()) return absl::OkStatus();
  base::MemoryCharge charge(memory);
  VESTO_RETURN_IF_ERROR(charge.Grow(static_cast<int64_t>(rows) * (2 * sizeof(Entry) + 8)));
  std::vector<Entry> entries(rows);
  for (uint32_t i = 0; i < rows; ++i) entries[i] = {0, i};
  int used_bits = 0;
  bool exact = true;
  size_t first_inexact = keys.size();
  {
    std::vector<uint64_t> images(rows);
    for (size_t k = 0; k < keys.size() && exact; ++k) {
      const RowSortKey& key = keys[k];
      exact = ColumnImages(*key.column, rows, images.data());
      uint64_t min = ~uint64_t{0}, max = 0;
      bool any_null = false;
      for (uint32_t i = 0; i < rows; ++i) {
        if (key.column->IsNull(i)) {
          any_null = true;
          continue;
        }
        min = std::min(min, images[i]);
        max = std::max(max, images[i]);
      }
      if (min > max) min = max = 0;  // all NULL
      const uint64_t range = max - min;
      // NULL takes one more value at one of the ends: up to 65 bits.
      const uint128_t top = static_cast<uint128_t>(range) + (any_null ? 1 : 0);
      const int bits = top == 0 ? 0 : (top >> 64) != 0 ? 65 : std::bit_width(static_cast<uint64_t>(top));
      const int taken = std::min(bits, 64 - used_bits);
      const int drop = bits - taken;
      if (drop > 0) exact = false;
      const bool first = any_null && key.nulls_first;
      for (uint32_t i = 0; i < rows; ++i) {
        uint128_t value;
        if (key.column->IsNull(i)) {
          value = first ? 0 : top;
        } else {
          value = static_cast<uint128_t>(key.descending ? max - images[i] : images[i] - min) +
                  (first ? 1 : 0);
        }
        const uint64_t piece = static_cast<uint64_t>(value >> drop);
        entries[i].prefix = taken == 64 ? piece : entries[i].prefix << taken | piece;
      }
      used_bits += taken;
      if (!exact) first_inexact = k;
      VESTO_RETURN_IF_ERROR(CheckCancelled(cancellation));
      if (used_bits == 64 && exact && k + 1 < keys.size()) {
        exact = false;
        first_inexact = k + 1;
      }
    }
  }
  if (rows < 512) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return a.prefix != b.prefix ? a.prefix < b.prefix : a.row < b.row;
    });
  } else {
    VESTO_RETURN_IF_ERROR(RadixSort(entries, used_bits, cancellation));
  }
  if (!exact) {
    const std::span<const RowSortKey> rest = keys.subspan(first_inexact);
    const auto before = [rest](const Entry& a, const Entry& b) {
      const int compared = CompareStoredRows(rest, a.row, b.row);
      return compared != 0 ? compared < 0 : a.row < b.row;
    };
    for (uint32_t begin = 0, runs = 0; begin < rows;) {
      uint32_t end = begin + 1;
      while (end < rows && entries[end].prefix == entries[begin].prefix) ++end;
      if (end - begin > 1) {
        std::sort(entries.begin() + begin, entries.begin() + end, before);
        if ((++runs & 255) == 0 || end - begin > 65536) {
          VESTO_RETURN_IF_ERROR(CheckCancelled(cancellation));
        }
      }
      begin = end;
    }
  }
  for (uint32_t i = 0; i < rows; ++i) (*order)[i] = entries[i].row;
  return absl::OkStatus();
}

void CoarseImages(const Vector& vector, int rows, bool descending, bool nulls_first,
                  uint64_t* images) {
  if (vector.physical() == PhysicalType::kString) {
    const KeyForm form = KeyFormOf(vector.type());
    for (int i = 0; i < rows; ++i) images[i] = ImageOf(vector.StringAt(i), form);
  } else {
    // A DECIMAL of more than 18 digits may come in 64 bits from one batch and 128 from another.
    const bool wide = types::DefaultPhysicalType(vector.type()) == PhysicalType::kInt128;
    column::DispatchPhysical(vector.physical(), [&](auto tag) {
      using T = decltype(tag);
      if constexpr (!std::is_same_v<T, StringRef>) {
        const T* values = vector.data<T>();
        const bool constant = vector.is_constant();
        for (int i = 0; i < rows; ++i) {
          const T value = values[constant ? 0 : i];
          if constexpr (std::is_integral_v<T>) {
            images[i] = wide ? ImageOf(static_cast<int128_t>(value)) : NumberImage(value);
          } else {
            images[i] = NumberImage(value);
          }
        }
      }
    });
  }
  // The last bit makes room for NULL.
  const uint64_t value_bit = nulls_first ? kSignBit : 0;
  for (int i = 0; i < rows; ++i) {
    const uint64_t image = descending ? ~images[i] : images[i];
    images[i] = value_bit | image >> 1;
  }
  if (vector.has_nulls()) {
    const uint64_t null_image = nulls_first ? 0 : ~uint64_t{0};
    for (int i = 0; i < rows; ++i) {
      if (vector.IsNull(i)) images[i] = null_image;
    }
  }
}

int CompareVectorRows(const Vector& x, int a, const Vector& y, int b, bool descending,
                      bool nulls_first) {
  const bool null_a = x.IsNull(a), null_b = y.IsNull(b);
  if (null_a || null_b) {
    if (null_a && null_b) return 0;
    return null_a == nulls_first ? -1 : 1;
  }
  int order = 0;
  if (x.physical() == PhysicalType::kString) {
    order = CompareText(x.StringAt(a), y.StringAt(b), KeyFormOf(x.type()));
  } else {
    const auto number = [](const Vector& vector, int row) {
      return column::DispatchPhysical(vector.physical(), [&](auto tag) -> int128_t {
        using T = decltype(tag);
        if constexpr (std::is_same_v<T, StringRef>) {
          return 0;
        } else {
          const T value = vector.data<T>()[vector.is_constant() ? 0 : row];
          if constexpr (std::is_floating_point_v<T>) {
            return static_cast<int128_t>(NumberImage(value));
          } else {
            return value;
          }
        }
      });
    };
    order = Order(number(x, a), number(y, b));
  }
  return descending ? -order : order;
}

}  // namespace vesto::exec
