#include "storage/compression_estimate.h"

#include <lz4.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace vesto::storage {
namespace {

using types::Encoding;
using types::PhysicalType;

constexpr int kAz64Group = 64;

// Bytes of a value as RAW stores it.
int RawWidth(const Type& type) {
  switch (type.id) {
    case TypeId::kBoolean: return 1;
    case TypeId::kSmallint: return 2;
    case TypeId::kInteger:
    case TypeId::kReal:
    case TypeId::kDate: return 4;
    case TypeId::kChar: return type.length;
    case TypeId::kDecimal: return type.length <= 19 ? 8 : 16;
    default: break;
  }
  // The length before a VARCHAR's bytes; else 64 bits.
  return types::DefaultPhysicalType(type) == PhysicalType::kString ? 4 : 8;
}

int BitsOf(uint64_t range) { return 64 - std::countl_zero(range); }

template <typename T>
int128_t NumberAt(const column::Vector& values, int row) {
  T value = values.data<T>()[row];
  if constexpr (std::is_floating_point_v<T>) {
    // Its bits: floats are compared and packed as they lie.
    std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t> bits;
    std::memcpy(&bits, &value, sizeof(bits));
    return bits;
  } else {
    return value;
  }
}

int128_t NumberOf(const column::Vector& values, int row) {
  switch (values.physical()) {
    case PhysicalType::kBool: return NumberAt<uint8_t>(values, row);
    case PhysicalType::kInt16: return NumberAt<int16_t>(values, row);
    case PhysicalType::kInt32: return NumberAt<int32_t>(values, row);
    case PhysicalType::kInt64: return NumberAt<int64_t>(values, row);
    case PhysicalType::kInt128: return NumberAt<int128_t>(values, row);
    case PhysicalType::kFloat: return NumberAt<float>(values, row);
    case PhysicalType::kDouble: return NumberAt<double>(values, row);
    case PhysicalType::kString: break;
  }
  return 0;
}

int64_t Lz4Bytes(const std::string& raw) {
  std::string out(static_cast<size_t>(LZ4_compressBound(static_cast<int>(raw.size()))), '\0');
  return LZ4_compress_default(raw.data(), out.data(), static_cast<int>(raw.size()),
                              static_cast<int>(out.size()));
}

int64_t ZstdBytes(const std::string& raw) {
  std::string out(ZSTD_compressBound(raw.size()), '\0');
  const size_t size = ZSTD_compress(out.data(), out.size(), raw.data(), raw.size(), 3);
  return ZSTD_isError(size) ? static_cast<int64_t>(raw.size()) : static_cast<int64_t>(size);
}

// The words of up to `entries` entries and `bytes` bytes get a code of `code` bytes, others stay.
int64_t WordBytes(const std::vector<std::string>& texts, size_t entries, int64_t bytes, int code) {
  absl::flat_hash_set<std::string_view> words;
  int64_t held = 0, total = 0;
  for (const std::string& text : texts) {
    total += 4;
    for (size_t begin = 0; begin <= text.size();) {
      size_t end = text.find(' ', begin);
      if (end == std::string::npos) end = text.size();
      const std::string_view word = std::string_view(text).substr(begin, end - begin);
      const auto size = static_cast<int64_t>(word.size());
      if (words.contains(word)) {
        total += code;
      } else if (words.size() < entries && held + size <= bytes) {
        words.insert(word);
        held += size + 1;
        total += code;
      } else {
        total += code + size + 1;
      }
      begin = end + 1;
    }
  }
  return total + held;
}

}  // namespace

CompressionEstimate::CompressionEstimate(const Type& type) : type_(type), width_(RawWidth(type)) {
  // Of two that take the same room, the one that reads faster comes first.
  for (const Encoding encoding :
       {Encoding::kRaw, Encoding::kAz64, Encoding::kRunlength, Encoding::kBytedict,
        Encoding::kDelta, Encoding::kDelta32k, Encoding::kMostly8, Encoding::kMostly16,
        Encoding::kMostly32, Encoding::kText255, Encoding::kText32k, Encoding::kLzo,
        Encoding::kZstd}) {
    if (types::EncodingAccepts(encoding, type)) totals_.push_back({encoding, 0});
  }
}

CompressionEstimate::~CompressionEstimate() = default;

void CompressionEstimate::Count(Encoding encoding, int64_t bytes) {
  for (Total& total : totals_) {
    if (total.encoding == encoding) total.bytes += bytes;
  }
}

int64_t CompressionEstimate::bytes(Encoding encoding) const {
  for (const Total& total : totals_) {
    if (total.encoding == encoding) return total.bytes;
  }
  return -1;
}

void CompressionEstimate::Add(const column::Vector& values, int rows) {
  const column::Vector flat = values.Flatten(rows);
  const bool text = flat.physical() == PhysicalType::kString;
  for (int i = 0; i < rows; ++i) {
    if (flat.IsNull(i)) continue;
    if (text) {
      texts_.emplace_back(flat.data<column::StringRef>()[i].view());
    } else {
      numbers_.push_back(NumberOf(flat, i));
    }
    if (texts_.size() + numbers_.size() == kPieceRows) EndPiece();
  }
}

void CompressionEstimate::EndPiece() {
  if (!numbers_.empty()) EncodeNumbers();
  if (!texts_.empty()) EncodeText();
  numbers_.clear();
  texts_.clear();
}

void CompressionEstimate::EncodeNumbers() {
  const auto count = static_cast<int64_t>(numbers_.size());
  const int width = width_;
  std::string raw(static_cast<size_t>(count * width), '\0');
  for (int64_t i = 0; i < count; ++i) {
    std::memcpy(raw.data() + i * width, &numbers_[i], static_cast<size_t>(width));
  }
  Count(Encoding::kRaw, count * width);
  Count(Encoding::kLzo, Lz4Bytes(raw));
  Count(Encoding::kZstd, ZstdBytes(raw));

  absl::flat_hash_set<std::pair<uint64_t, uint64_t>> entries;  // halves of the values
  int64_t runs = 0, run = 0, bytedict = 0, delta = 0, delta32k = 0;
  int64_t mostly[3] = {0, 0, 0};
  for (int64_t i = 0; i < count; ++i) {
    const int128_t value = numbers_[i];
    // A run is a value and a byte that says how often.
    const bool same = i > 0 && value == numbers_[i - 1];
    run = same && run < 255 ? run + 1 : 1;
    runs += run == 1 ? 1 : 0;
    // 256 values of a block get a byte each; others stand after a byte that says so.
    const std::pair halves(static_cast<uint64_t>(value >> 64), static_cast<uint64_t>(value));
    if (entries.contains(halves)) {
      bytedict += 1;
    } else {
      if (entries.size() < 256) entries.insert(halves);
      bytedict += 1 + width;
    }
    // A difference, or a flag of its size before the whole value, as the first one is.
    const int128_t step = i == 0 ? INT64_MAX : value - numbers_[i - 1];
    delta += step >= -127 && step <= 127 ? 1 : 1 + width;
    delta32k += step >= -32767 && step <= 32767 ? 2 : 2 + width;
    for (int k = 0; k < 3; ++k) {
      const int narrow = 1 << k;
      const int128_t limit = int128_t{1} << (8 * narrow - 1);
      mostly[k] += value >= -limit && value < limit ? narrow : narrow + width;
    }
  }
  Count(Encoding::kRunlength, runs * (width + 1));
  Count(Encoding::kBytedict, bytedict);
  Count(Encoding::kDelta, delta);
  Count(Encoding::kDelta32k, delta32k);
  Count(Encoding::kMostly8, mostly[0]);
  Count(Encoding::kMostly16, mostly[1]);
  Count(Encoding::kMostly32, mostly[2]);

  int64_t az64 = 0;
  for (int64_t begin = 0; begin < count; begin += kAz64Group) {
    const int64_t end = std::min(begin + kAz64Group, count);
    const auto range_of = [&](auto&& at) {
      int128_t low = at(begin), high = low;
      for (int64_t i = begin; i < end; ++i) {
        low = std::min(low, at(i));
        high = std::max(high, at(i));
      }
      const auto range = static_cast<unsigned __int128>(high - low);
      const auto upper = static_cast<uint64_t>(range >> 64);
      return upper != 0 ? 64 + BitsOf(upper) : BitsOf(static_cast<uint64_t>(range));
    };
    const int bits =
        std::min(range_of([&](int64_t i) { return numbers_[i]; }),
                 range_of([&](int64_t i) { return i == begin ? int128_t{0}
                                                             : numbers_[i] - numbers_[i - 1]; }));
    az64 += width + 1 + ((end - begin) * bits + 7) / 8;
  }
  Count(Encoding::kAz64, std::min(az64, count * width + count / kAz64Group));
}

void CompressionEstimate::EncodeText() {
  const bool fixed = type_.id == TypeId::kChar;
  std::string raw;
  absl::flat_hash_set<std::string_view> entries;
  int64_t run = 0, run_bytes = 0, bytedict = 0;
  for (size_t i = 0; i < texts_.size(); ++i) {
    const std::string& text = texts_[i];
    const auto size =
        static_cast<int64_t>(fixed ? static_cast<size_t>(width_) : 4 + text.size());
    if (!fixed) {
      const auto length = static_cast<uint32_t>(text.size());
      raw.append(reinterpret_cast<const char*>(&length), sizeof(length));
    }
    raw.append(text);
    if (fixed && text.size() < static_cast<size_t>(width_)) {
      raw.append(static_cast<size_t>(width_) - text.size(), ' ');
    }
    run = i > 0 && text == texts_[i - 1] && run < 255 ? run + 1 : 1;
    if (run == 1) run_bytes += size + 1;
    if (entries.contains(text)) {
      bytedict += 1;
    } else {
      if (entries.size() < 256) entries.insert(text);
      bytedict += 1 + size;
    }
  }
  Count(Encoding::kRaw, static_cast<int64_t>(raw.size()));
  Count(Encoding::kLzo, Lz4Bytes(raw));
  Count(Encoding::kZstd, ZstdBytes(raw));
  Count(Encoding::kRunlength, run_bytes);
  Count(Encoding::kBytedict, bytedict);
  Count(Encoding::kText255, WordBytes(texts_, 245, INT64_MAX, 1));
  Count(Encoding::kText32k, WordBytes(texts_, SIZE_MAX, 32768, 2));
}

CompressionEstimate::Best CompressionEstimate::Finish() {
  EndPiece();
  Best best;
  const int64_t raw = bytes(Encoding::kRaw);
  int64_t least = raw;
  for (const Total& total : totals_) {
    if (total.bytes >= least) continue;
    least = total.bytes;
    best.encoding = total.encoding;
  }
  if (raw > 0) best.reduction = 1 - static_cast<double>(least) / static_cast<double>(raw);
  return best;
}

}  // namespace vesto::storage
