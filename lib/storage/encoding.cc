#include "storage/encoding.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/hash.h"
#include "base/status_macros.h"
#include "column/predicate.h"
#include "storage/block_decoder.h"
#include "storage/row_group.h"

namespace vesto::storage {
namespace {

using column::AllocateBuffer;
using column::DistinctSketch;
using column::kBatchRows;
using column::StringRef;
using types::PhysicalType;

// A block takes dictionary codes when at most half of its rows would be new entries.
constexpr int kMaxNewShare = 2;
// How far ahead strings that lie anywhere are asked for.
constexpr int kPrefetchRows = 16;
// Strings looked at before a dictionary is tried, and the distinct ones among them that forbid it.
constexpr int kSampleRows = 1024;
constexpr int kSampleDistinctMax = 1000;

int64_t Image(double value) { return column::DoubleImage(value); }
int64_t Image(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return column::StringImage(text);
}
int64_t Image(int128_t value) {
  if (value < std::numeric_limits<int64_t>::min()) return std::numeric_limits<int64_t>::min();
  if (value > std::numeric_limits<int64_t>::max()) return std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(value);
}

void SealNulls(const FlatColumn& column, ColumnBlock* block) {
  if (column.nulls == nullptr) return;
  const int words = (column.rows + 63) / 64;
  std::shared_ptr<uint64_t[]> bits;
  for (int i = 0; i < column.rows; ++i) {
    if (column.nulls[i] == 0) continue;
    if (bits == nullptr) bits = std::shared_ptr<uint64_t[]>(new uint64_t[words]());
    bits[i >> 6] |= 1ULL << (i & 63);
    block->batch_nulls |= 1u << (i / kBatchRows);
    ++block->null_count;
  }
  if (bits != nullptr) block->byte_size += words * 8;
  block->nulls = std::move(bits);
}

// Per batch: the smallest and largest value that is not NULL. `load(i)` is the value as T.
template <typename T, typename Load>
void SealZones(const FlatColumn& column, ColumnBlock* block, Load load) {
  const int batches = (column.rows + kBatchRows - 1) / kBatchRows;
  if (batches > 1) {
    block->batch_min.resize(batches);
    block->batch_max.resize(batches);
  }
  for (int b = 0; b < batches; ++b) {
    const int begin = b * kBatchRows;
    const int end = std::min(column.rows, begin + kBatchRows);
    int64_t low = INT64_MAX;
    int64_t high = INT64_MIN;
    if ((block->batch_nulls >> b & 1) == 0) {
      T low_value = load(begin);
      T high_value = low_value;
      for (int i = begin + 1; i < end; ++i) {
        const T value = load(i);
        low_value = value < low_value ? value : low_value;
        high_value = value > high_value ? value : high_value;
      }
      low = low_value;
      high = high_value;
    } else {
      for (int i = begin; i < end; ++i) {
        if (column.nulls[i] != 0) continue;
        const int64_t value = load(i);
        low = std::min(low, value);
        high = std::max(high, value);
      }
    }
    if (batches > 1) {
      block->batch_min[b] = low;
      block->batch_max[b] = high;
    }
    block->min_image = std::min(block->min_image, low);
    block->max_image = std::max(block->max_image, high);
  }
}

template <typename Code, typename T>
std::shared_ptr<const uint8_t[]> Narrow(const T* values, const uint8_t* nulls, int rows,
                                        int64_t base) {
  auto buffer = AllocateBuffer(sizeof(Code) * rows);
  Code* __restrict codes = reinterpret_cast<Code*>(buffer.get());
  for (int i = 0; i < rows; ++i) {
    codes[i] = static_cast<Code>(static_cast<uint64_t>(static_cast<int64_t>(values[i])) -
                                 static_cast<uint64_t>(base));
  }
  if (nulls != nullptr) {
    for (int i = 0; i < rows; ++i) codes[i] = nulls[i] != 0 ? 0 : codes[i];
  }
  return buffer;
}

int WidthFor(uint64_t span) {
  if (span == 0) return 0;
  if (span <= UINT8_MAX) return 1;
  if (span <= UINT16_MAX) return 2;
  return span <= UINT32_MAX ? 4 : 8;
}

void SketchCodes(const ColumnBlock& block, DistinctSketch* sketch) {
  auto add = [&](uint64_t code) {
    sketch->Add(base::HashInt(static_cast<uint64_t>(block.base) + code));
  };
  if (block.null_count == block.rows) return;
  switch (block.width) {
    case 0:
      add(0);
      return;
    case 1:
    case 2: {
      // Few codes: remember which occur, hash each once.
      std::vector<uint64_t> present(block.width == 1 ? 4 : 1024);
      for (int i = 0; i < block.rows; ++i) {
        if (block.null_count > 0 && block.IsNull(i)) continue;
        const uint32_t code =
            block.width == 1 ? block.codes<uint8_t>()[i] : block.codes<uint16_t>()[i];
        present[code >> 6] |= 1ULL << (code & 63);
      }
      for (size_t w = 0; w < present.size(); ++w) {
        for (uint64_t word = present[w]; word != 0; word &= word - 1) {
          add(w * 64 + std::countr_zero(word));
        }
      }
      return;
    }
    default:
      for (int i = 0; i < block.rows; ++i) {
        if (block.null_count > 0 && block.IsNull(i)) continue;
        add(block.width == 4 ? block.codes<uint32_t>()[i] : block.codes<uint64_t>()[i]);
      }
      return;
  }
}

template <typename T>
void EncodeIntegers(const FlatColumn& column, const EncodeOptions& options, ColumnBlock* block) {
  const T* values = static_cast<const T*>(column.values);
  SealZones<T>(column, block, [values](int i) { return values[i]; });
  if (block->null_count == 0) {
    bool sorted = true;
    for (int i = 1; i < column.rows && sorted; ++i) sorted = values[i - 1] <= values[i];
    block->sorted = sorted;
  }
  block->form = BlockForm::kOffset;
  if (block->null_count == column.rows) return;  // width 0, base 0
  block->base = block->min_image;
  const uint64_t span =
      static_cast<uint64_t>(block->max_image) - static_cast<uint64_t>(block->min_image);
  block->width = static_cast<uint8_t>(WidthFor(span));
  const uint8_t* nulls = block->null_count > 0 ? column.nulls : nullptr;
  switch (block->width) {
    case 1:
      block->data = Narrow<uint8_t>(values, nulls, column.rows, block->base);
      break;
    case 2:
      block->data = Narrow<uint16_t>(values, nulls, column.rows, block->base);
      break;
    case 4:
      block->data = Narrow<uint32_t>(values, nulls, column.rows, block->base);
      break;
    case 8:
      block->data = Narrow<uint64_t>(values, nulls, column.rows, block->base);
      break;
    default:
      break;
  }
  block->byte_size += static_cast<int64_t>(block->width) * column.rows;
  if (options.sketch != nullptr) SketchCodes(*block, options.sketch);
}

void EncodeWide(const FlatColumn& column, const EncodeOptions& options, ColumnBlock* block) {
  const auto* values = static_cast<const int128_t*>(column.values);
  bool any = false;
  for (int i = 0; i < column.rows; ++i) {
    if (column.nulls != nullptr && column.nulls[i] != 0) continue;
    if (!any || values[i] < block->min_wide) block->min_wide = values[i];
    if (!any || values[i] > block->max_wide) block->max_wide = values[i];
    any = true;
  }
  if (Image(block->min_wide) == block->min_wide && Image(block->max_wide) == block->max_wide) {
    std::vector<int64_t> narrow(column.rows);
    for (int i = 0; i < column.rows; ++i) narrow[i] = static_cast<int64_t>(values[i]);
    FlatColumn as_int64 = column;
    as_int64.physical = PhysicalType::kInt64;
    as_int64.values = narrow.data();
    EncodeIntegers<int64_t>(as_int64, options, block);
    return;
  }
  block->form = BlockForm::kInt128;
  block->width = 16;
  SealZones<int64_t>(column, block, [values](int i) { return Image(values[i]); });
  auto buffer = AllocateBuffer(sizeof(int128_t) * column.rows);
  std::memcpy(buffer.get(), values, sizeof(int128_t) * column.rows);
  block->data = std::move(buffer);
  block->byte_size += static_cast<int64_t>(sizeof(int128_t)) * column.rows;
  if (options.sketch == nullptr) return;
  for (int i = 0; i < column.rows; ++i) {
    if (!block->IsNull(i)) options.sketch->Add(base::HashInt128(values[i]));
  }
}

template <typename T>
void EncodeFloats(const FlatColumn& column, const EncodeOptions& options, ColumnBlock* block) {
  const T* values = static_cast<const T*>(column.values);
  block->form = std::is_same_v<T, float> ? BlockForm::kFloat : BlockForm::kDouble;
  block->width = sizeof(T);
  SealZones<int64_t>(column, block,
                     [values](int i) { return Image(static_cast<double>(values[i])); });
  auto buffer = AllocateBuffer(sizeof(T) * column.rows);
  std::memcpy(buffer.get(), values, sizeof(T) * column.rows);
  block->data = std::move(buffer);
  block->byte_size += static_cast<int64_t>(sizeof(T)) * column.rows;
  if (options.sketch == nullptr) return;
  for (int i = 0; i < column.rows; ++i) {
    if (block->IsNull(i)) continue;
    options.sketch->Add(
        base::HashInt(static_cast<uint64_t>(Image(static_cast<double>(values[i])))));
  }
}

// Would a dictionary help? Looks at strings spread over the block.
bool LooksRepetitive(std::span<const StringRef> strings) {
  if (strings.size() < kSampleRows * 2) return true;
  std::vector<uint64_t> hashes(kSampleRows);
  const size_t step = strings.size() / kSampleRows;
  for (int i = 0; i < kSampleRows; ++i) hashes[i] = base::HashString(strings[i * step].view());
  std::sort(hashes.begin(), hashes.end());
  const auto distinct = std::unique(hashes.begin(), hashes.end()) - hashes.begin();
  return distinct <= kSampleDistinctMax;
}

void SealCodes(const FlatColumn& column, const uint16_t* codes, const EncodeOptions& options,
               ColumnBlock* block) {
  const uint8_t* nulls = block->null_count > 0 ? column.nulls : nullptr;
  int low = SharedDictionary::kMaxEntries;
  int high = 0;
  for (int i = 0; i < column.rows; ++i) {
    if (nulls != nullptr && nulls[i] != 0) continue;
    low = std::min<int>(low, codes[i]);
    high = std::max<int>(high, codes[i]);
  }
  block->form = BlockForm::kDictionary;
  block->dictionary = options.dictionary;
  block->min_code = std::min(low, high);  // all may be NULL
  block->max_code = high;
  // Zones come from the entries that occur: cheaper than from every row.
  const std::vector<int64_t> images = CodeImages(*block);
  SealZones<int64_t>(column, block,
                     [&](int i) { return images[std::max(codes[i] - block->min_code, 0)]; });
  if (block->min_code == high) {
    block->width = 0;
    block->base = high;
    return;
  }
  block->width = high <= UINT8_MAX ? 1 : 2;
  auto buffer = AllocateBuffer(static_cast<size_t>(block->width) * column.rows);
  if (block->width == 1) {
    for (int i = 0; i < column.rows; ++i) buffer[i] = static_cast<uint8_t>(codes[i]);
  } else {
    std::memcpy(buffer.get(), codes, sizeof(uint16_t) * column.rows);
  }
  block->data = std::move(buffer);
  block->byte_size += static_cast<int64_t>(block->width) * column.rows;
}

bool EncodeByDictionary(const FlatColumn& column, std::span<const StringRef> strings,
                        const EncodeOptions& options, ColumnBlock* block) {
  if (options.dictionary == nullptr || block->null_count == column.rows) return false;
  if (!LooksRepetitive(strings)) return false;
  std::vector<uint16_t> codes(column.rows);
  std::vector<uint64_t> new_hashes;
  const uint8_t* nulls = block->null_count > 0 ? column.nulls : nullptr;
  const int max_new = std::max(column.rows / kMaxNewShare, 1);
  if (!options.dictionary->Encode(strings, nulls, max_new, codes.data(), &new_hashes)) {
    return false;
  }
  if (options.sketch != nullptr) {
    for (uint64_t hash : new_hashes) options.sketch->Add(hash);
  }
  SealCodes(column, codes.data(), options, block);
  return true;
}

absl::Status EncodeStrings(const FlatColumn& column, const EncodeOptions& options,
                           ColumnBlock* block) {
  if (column.codes != nullptr) {
    SealCodes(column, column.codes, options, block);
    return absl::OkStatus();
  }
  const std::span<const StringRef> strings(static_cast<const StringRef*>(column.values),
                                           column.rows);
  if (EncodeByDictionary(column, strings, options, block)) return absl::OkStatus();
  block->form = BlockForm::kRawString;
  uint64_t bytes = 0;
  for (const StringRef& text : strings) bytes += text.size();
  if (bytes > UINT32_MAX) {
    return SqlError(SqlState::kProgramLimitExceeded,
                    "the strings of one column are too large for one block");
  }
  auto offsets = AllocateBuffer(sizeof(uint32_t) * (column.rows + 1));
  auto heap = AllocateBuffer(bytes);
  auto* offset = reinterpret_cast<uint32_t*>(offsets.get());
  uint32_t end = 0;
  offset[0] = 0;
  for (int i = 0; i < column.rows; ++i) {
    if (i + kPrefetchRows < column.rows) __builtin_prefetch(strings[i + kPrefetchRows].data());
    std::memcpy(heap.get() + end, strings[i].data(), strings[i].size());
    end += strings[i].size();
    offset[i + 1] = end;
  }
  const char* text = reinterpret_cast<const char*>(heap.get());
  SealZones<int64_t>(column, block, [=](int i) {
    return Image(std::string_view(text + offset[i], offset[i + 1] - offset[i]));
  });
  block->data = std::move(offsets);
  block->heap = std::move(heap);
  block->byte_size += static_cast<int64_t>(bytes + sizeof(uint32_t) * (column.rows + 1));
  if (options.sketch == nullptr) return absl::OkStatus();
  for (int i = 0; i < column.rows; ++i) {
    if (block->IsNull(i)) continue;
    std::string_view value(text + offset[i], offset[i + 1] - offset[i]);
    while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
    options.sketch->Add(base::HashString(value));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ColumnBlock>> EncodeBlock(const FlatColumn& column,
                                                               const EncodeOptions& options) {
  auto block = std::make_shared<ColumnBlock>();
  block->rows = column.rows;
  block->byte_size = sizeof(ColumnBlock);
  SealNulls(column, block.get());
  switch (column.physical) {
    case PhysicalType::kBool:
      EncodeIntegers<uint8_t>(column, options, block.get());
      break;
    case PhysicalType::kInt16:
      EncodeIntegers<int16_t>(column, options, block.get());
      break;
    case PhysicalType::kInt32:
      EncodeIntegers<int32_t>(column, options, block.get());
      break;
    case PhysicalType::kInt64:
      EncodeIntegers<int64_t>(column, options, block.get());
      break;
    case PhysicalType::kInt128:
      EncodeWide(column, options, block.get());
      break;
    case PhysicalType::kFloat:
      EncodeFloats<float>(column, options, block.get());
      break;
    case PhysicalType::kDouble:
      EncodeFloats<double>(column, options, block.get());
      break;
    case PhysicalType::kString:
      VESTO_RETURN_IF_ERROR(EncodeStrings(column, options, block.get()));
      break;
  }
  if (block->form != BlockForm::kInt128) {
    block->min_wide = block->min_image;
    block->max_wide = block->max_image;
  }
  block->byte_size += static_cast<int64_t>(block->batch_min.size() * 16);
  block->charge = base::MemoryCharge(options.pool);
  VESTO_RETURN_IF_ERROR(block->charge.Grow(block->byte_size));
  return block;
}

}  // namespace vesto::storage
