#include "storage/block_decoder.h"

#include <cstring>
#include <string>

#include "base/hash.h"
#include "base/status_macros.h"
#include "column/predicate.h"

namespace vesto::storage {
namespace {

using column::StringRef;
using column::Vector;
using types::PhysicalType;

int Log2Width(int width) { return width == 1 ? 0 : width == 2 ? 1 : width == 4 ? 2 : 3; }

StringRef StringAt(const ColumnBlock& block, int row) {
  if (block.form == BlockForm::kRawString) return StringRef(block.TextAt(row));
  const int code = static_cast<int>(static_cast<uint64_t>(block.base) + block.CodeAt(row));
  return block.dictionary->Snapshot()->entries[code];
}

int64_t TextImage(StringRef ref) {
  std::string_view text = ref.view();
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return column::StringImage(text);
}

template <typename T>
void FillConstant(T value, int count, T* out) {
  for (int i = 0; i < count; ++i) out[i] = value;
}

}  // namespace

absl::StatusOr<BlockDecoder> BlockDecoder::Open(const ColumnBlock& block, PhysicalType physical) {
  BlockDecoder decoder;
  decoder.block_ = &block;
  decoder.physical_ = physical;
  decoder.value_size_ = types::PhysicalSize(physical);
  decoder.log2_width_ = Log2Width(block.width);
  const column::kernels::ScanKernels& kernels = column::kernels::GetScanKernels();
  bool matches = false;
  switch (block.form) {
    case BlockForm::kOffset: {
      int form = -1;
      int64_t low = 0;
      int64_t high = 1;
      switch (physical) {
        case PhysicalType::kBool:
          break;
        case PhysicalType::kInt16:
          form = 0, low = INT16_MIN, high = INT16_MAX;
          break;
        case PhysicalType::kInt32:
          form = 1, low = INT32_MIN, high = INT32_MAX;
          break;
        case PhysicalType::kInt64:
        case PhysicalType::kInt128:
          form = 2, low = INT64_MIN, high = INT64_MAX;
          break;
        case PhysicalType::kFloat:
        case PhysicalType::kDouble:
        case PhysicalType::kString:
          low = 1, high = 0;
          break;
      }
      matches = low <= high && (block.null_count == block.rows ||
                                (low <= block.min_image && block.max_image <= high));
      if (matches && form >= 0 && block.width > 0) {
        decoder.widen_ = kernels.widen[Log2Width(block.width)][form];
        decoder.gather_ = kernels.gather[Log2Width(block.width)][form];
      }
      break;
    }
    case BlockForm::kInt128:
      matches = physical == PhysicalType::kInt128;
      break;
    case BlockForm::kFloat:
      matches = physical == PhysicalType::kFloat;
      break;
    case BlockForm::kDouble:
      matches = physical == PhysicalType::kDouble;
      break;
    case BlockForm::kDictionary:
      matches = physical == PhysicalType::kString;
      if (block.width > 0) {
        decoder.widen_ = kernels.widen[Log2Width(block.width)][0];
        decoder.gather_ = kernels.gather[Log2Width(block.width)][0];
      }
      break;
    case BlockForm::kRawString:
      matches = physical == PhysicalType::kString;
      break;
  }
  if (!matches) {
    return SqlError(SqlState::kInternalError, "a stored value does not fit the form of its scan");
  }
  return decoder;
}

template <typename T>
void BlockDecoder::Copy(const RowSelection& rows, T* out) const {
  const T* source = block_->codes<T>() + rows.begin;
  if (rows.positions == nullptr) {
    std::memcpy(static_cast<void*>(out), source, sizeof(T) * rows.count);
  } else {
    for (int i = 0; i < rows.count; ++i) out[i] = source[rows.positions[i]];
  }
}

void BlockDecoder::DecodeCodes(const RowSelection& rows, int64_t base, void* out) const {
  const uint8_t* codes = block_->data.get() + (static_cast<size_t>(rows.begin) << log2_width_);
  if (rows.positions == nullptr) {
    widen_(codes, rows.count, base, out);
  } else if (rows.bits != nullptr) {
    alignas(64) uint8_t packed[(column::kBatchRows + 64) * sizeof(uint64_t)];
    column::kernels::GetScanKernels().pack[log2_width_](codes, rows.bit_rows, rows.bits, packed);
    widen_(packed + (static_cast<size_t>(rows.skip) << log2_width_), rows.count, base, out);
  } else {
    gather_(codes, rows.positions, rows.count, base, out);
  }
}

void BlockDecoder::DecodeValues(const RowSelection& rows, Vector* out, int offset) const {
  const ColumnBlock& block = *block_;
  const int count = rows.count;
  switch (block.form) {
    case BlockForm::kOffset: {
      if (physical_ == PhysicalType::kBool) {
        uint8_t* target = out->mutable_data<uint8_t>() + offset;
        if (block.width == 0) {
          FillConstant<uint8_t>(static_cast<uint8_t>(block.base), count, target);
        } else {
          Copy<uint8_t>(rows, target);  // FALSE and TRUE both occur: base is 0
        }
        return;
      }
      if (physical_ == PhysicalType::kInt128) {
        int64_t narrow[column::kBatchRows];
        int128_t* target = out->mutable_data<int128_t>() + offset;
        if (block.width == 0) {
          FillConstant<int128_t>(block.base, count, target);
          return;
        }
        DecodeCodes(rows, block.base, narrow);
        for (int i = 0; i < count; ++i) target[i] = narrow[i];
        return;
      }
      if (block.width == 0) {
        if (physical_ == PhysicalType::kInt16) {
          FillConstant<int16_t>(static_cast<int16_t>(block.base), count,
                                out->mutable_data<int16_t>() + offset);
        } else if (physical_ == PhysicalType::kInt32) {
          FillConstant<int32_t>(static_cast<int32_t>(block.base), count,
                                out->mutable_data<int32_t>() + offset);
        } else {
          FillConstant<int64_t>(block.base, count, out->mutable_data<int64_t>() + offset);
        }
        return;
      }
      DecodeCodes(rows, block.base,
                  out->mutable_data<uint8_t>() + static_cast<size_t>(offset) * value_size_);
      return;
    }
    case BlockForm::kInt128:
      Copy<int128_t>(rows, out->mutable_data<int128_t>() + offset);
      return;
    case BlockForm::kFloat:
      Copy<float>(rows, out->mutable_data<float>() + offset);
      return;
    case BlockForm::kDouble:
      Copy<double>(rows, out->mutable_data<double>() + offset);
      return;
    case BlockForm::kDictionary: {
      uint16_t* target = out->mutable_codes() + offset;
      if (block.width == 0) {
        FillConstant<uint16_t>(static_cast<uint16_t>(block.base), count, target);
        return;
      }
      DecodeCodes(rows, 0, target);
      return;
    }
    case BlockForm::kRawString: {
      StringRef* target = out->mutable_data<StringRef>() + offset;
      const uint32_t* offsets = block.codes<uint32_t>() + rows.begin;
      const char* heap = reinterpret_cast<const char*>(block.heap.get());
      for (int i = 0; i < count; ++i) {
        const int row = rows.positions == nullptr ? i : rows.positions[i];
        target[i] = StringRef(heap + offsets[row], offsets[row + 1] - offsets[row]);
      }
      out->AddPin(block.heap);
      return;
    }
  }
}

void BlockDecoder::DecodeNulls(const RowSelection& rows, Vector* out, int offset) const {
  const uint64_t* bits = block_->nulls.get();
  uint8_t* target = out->MutableNulls() + offset;
  uint8_t any = 0;
  for (int i = 0; i < rows.count; ++i) {
    const int row = rows.begin + (rows.positions == nullptr ? i : rows.positions[i]);
    target[i] = (bits[row >> 6] >> (row & 63)) & 1;
    any |= target[i];
  }
  // Raw strings are empty there already, and codes may be anything valid. Numbers must be zero: a
  // code of 0 stands for `base`.
  if (any == 0 || physical_ == PhysicalType::kString) return;
  uint8_t* values = out->mutable_data<uint8_t>() + static_cast<size_t>(offset) * value_size_;
  for (int i = 0; i < rows.count; ++i) {
    if (target[i] != 0) std::memset(values + static_cast<size_t>(i) * value_size_, 0, value_size_);
  }
}

void BlockDecoder::Decode(const RowSelection& rows, Vector* out, int offset) const {
  DecodeValues(rows, out, offset);
  if (block_->null_count > 0) DecodeNulls(rows, out, offset);
}

Value BlockValue(const ColumnBlock& block, const Type& type, int row) {
  if (block.IsNull(row)) return Value::Null(type);
  switch (block.form) {
    case BlockForm::kOffset:
      return Value::OfInteger(type, BlockImage(block, row));
    case BlockForm::kInt128:
      return Value::OfInteger(type, block.codes<int128_t>()[row]);
    case BlockForm::kFloat:
      return Value::OfDouble(type, block.codes<float>()[row]);
    case BlockForm::kDouble:
      return Value::OfDouble(type, block.codes<double>()[row]);
    case BlockForm::kDictionary:
    case BlockForm::kRawString: {
      const StringRef text = StringAt(block, row);
      return Value::OfText(type, std::string(text.view()));
    }
  }
  return Value::Null(type);
}

int64_t BlockImage(const ColumnBlock& block, int row) {
  switch (block.form) {
    case BlockForm::kOffset:
      return static_cast<int64_t>(static_cast<uint64_t>(block.base) + block.CodeAt(row));
    case BlockForm::kInt128: {
      const int128_t value = block.codes<int128_t>()[row];
      if (value < INT64_MIN) return INT64_MIN;
      return value > INT64_MAX ? INT64_MAX : static_cast<int64_t>(value);
    }
    case BlockForm::kFloat:
      return column::DoubleImage(block.codes<float>()[row]);
    case BlockForm::kDouble:
      return column::DoubleImage(block.codes<double>()[row]);
    case BlockForm::kDictionary:
    case BlockForm::kRawString: {
      return TextImage(StringAt(block, row));
    }
  }
  return 0;
}

std::vector<int64_t> CodeImages(const ColumnBlock& block) {
  const auto dictionary = block.dictionary->Snapshot();
  std::vector<int64_t> images;
  images.reserve(block.max_code - block.min_code + 1);
  for (int code = block.min_code; code <= block.max_code; ++code) {
    images.push_back(TextImage(dictionary->entries[code]));
  }
  return images;
}

uint64_t BlockHash(const ColumnBlock& block, int row) {
  if (block.form == BlockForm::kDictionary || block.form == BlockForm::kRawString) {
    const StringRef ref = StringAt(block, row);
    std::string_view text = ref.view();
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return base::HashString(text);
  }
  if (block.form == BlockForm::kInt128) return base::HashInt128(block.codes<int128_t>()[row]);
  return base::HashInt(static_cast<uint64_t>(BlockImage(block, row)));
}

int CompareImages(const ColumnBlock& a, int row_a, const ColumnBlock& b, int row_b) {
  const bool null_a = a.IsNull(row_a);
  const bool null_b = b.IsNull(row_b);
  if (null_a || null_b) return static_cast<int>(null_a) - static_cast<int>(null_b);
  const int64_t image_a = BlockImage(a, row_a);
  const int64_t image_b = BlockImage(b, row_b);
  return image_a < image_b ? -1 : image_a > image_b ? 1 : 0;
}

}  // namespace vesto::storage
