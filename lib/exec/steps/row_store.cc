#include "exec/steps/row_store.h"

#include <algorithm>
#include <cstring>

#include "base/int128.h"
#include "base/status_macros.h"
#include "column/dispatch.h"

namespace vesto::exec {

using column::Position;
using column::StringRef;
using column::Vector;
using types::PhysicalType;

// --- StoredColumn ---------------------------------------------------------------------------------

int StoredColumn::width() const {
  return is_codes() ? static_cast<int>(sizeof(uint16_t)) : types::PhysicalSize(physical_);
}

void StoredColumn::SetCapacity(size_t capacity) {
  if (!has_type_) return;
  values_.Resize(capacity * width());
  if (has_nulls()) nulls_.Resize(capacity);
}

void StoredColumn::SetType(const Vector& like, size_t rows, size_t capacity) {
  VESTO_DCHECK(rows == 0);
  (void)rows;
  has_type_ = true;
  type_ = like.type();
  physical_ = like.physical();
  dictionary_ = like.is_dictionary() ? like.dictionary() : nullptr;
  values_.Resize(capacity * width());
}

void StoredColumn::DropCodes(size_t rows, size_t capacity) {
  const std::shared_ptr<const column::Dictionary> dictionary = std::move(dictionary_);
  dictionary_ = nullptr;
  GrowingBuffer values;
  values.Resize(capacity * sizeof(StringRef));
  const auto* codes = reinterpret_cast<const uint16_t*>(values_.data());
  auto* out = reinterpret_cast<StringRef*>(values.data());
  for (size_t i = 0; i < rows; ++i) out[i] = dictionary->entries[codes[i]];
  values_ = std::move(values);
  texts().pins.push_back(dictionary);
}

void StoredColumn::WidenToInt128(size_t rows, size_t capacity) {
  GrowingBuffer values;
  values.Resize(capacity * sizeof(int128_t));
  auto* out = reinterpret_cast<int128_t*>(values.data());
  column::DispatchPhysical(physical_, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (std::is_integral_v<T>) {
      const T* in = data<T>();
      for (size_t i = 0; i < rows; ++i) out[i] = in[i];
    }
  });
  values_ = std::move(values);
  physical_ = PhysicalType::kInt128;
}

void StoredColumn::NeedNulls(size_t rows, size_t capacity) {
  if (has_nulls()) return;
  nulls_.Resize(std::max<size_t>(capacity, 1));
  std::memset(nulls_.data(), 0, rows);
}

void StoredColumn::Append(const Vector& vector, std::span<const Position> positions, int count,
                          size_t offset, size_t capacity) {
  const bool all = positions.empty();
  if (!has_type_) SetType(vector, offset, capacity);
  if (is_codes() && !(vector.is_dictionary() && vector.dictionary() == dictionary_)) {
    DropCodes(offset, capacity);
  }
  if (vector.physical() == PhysicalType::kInt128 && physical_ != PhysicalType::kInt128) {
    WidenToInt128(offset, capacity);
  }
  if (is_codes()) {
    auto* out = reinterpret_cast<uint16_t*>(values_.data()) + offset;
    const uint16_t* codes = vector.codes();
    for (int i = 0; i < count; ++i) out[i] = codes[all ? i : positions[i]];
  } else if (physical_ == PhysicalType::kString) {
    auto* out = reinterpret_cast<StringRef*>(values_.data()) + offset;
    if (vector.is_dictionary()) {
      const auto& entries = vector.dictionary()->entries;
      const uint16_t* codes = vector.codes();
      for (int i = 0; i < count; ++i) out[i] = entries[codes[all ? i : positions[i]]];
      std::vector<column::Pin>& pins = texts().pins;
      if (pins.empty() || pins.back() != vector.dictionary()) pins.push_back(vector.dictionary());
    } else if (vector.is_constant()) {
      std::fill_n(out, count, texts().heap.Add(*vector.data<StringRef>()));
    } else {
      const StringRef* in = vector.data<StringRef>();
      column::StringHeap& heap = texts().heap;
      for (int i = 0; i < count; ++i) out[i] = heap.Add(in[all ? i : positions[i]]);
    }
  } else {
    column::DispatchPhysical(physical_, [&](auto out_tag) {
      using Out = decltype(out_tag);
      Out* out = reinterpret_cast<Out*>(values_.data()) + offset;
      column::DispatchPhysical(vector.physical(), [&](auto in_tag) {
        using In = decltype(in_tag);
        if constexpr (std::is_arithmetic_v<In> || std::is_same_v<In, int128_t>) {
          if constexpr (std::is_arithmetic_v<Out> || std::is_same_v<Out, int128_t>) {
            const In* in = vector.data<In>();
            if (vector.is_constant()) {
              std::fill_n(out, count, static_cast<Out>(*in));
            } else if (all) {
              for (int i = 0; i < count; ++i) out[i] = static_cast<Out>(in[i]);
            } else {
              for (int i = 0; i < count; ++i) out[i] = static_cast<Out>(in[positions[i]]);
            }
          }
        }
      });
    });
  }
  if (vector.has_nulls()) {
    NeedNulls(offset, capacity);
    uint8_t* out = nulls_.data() + offset;
    if (vector.is_constant()) {
      std::memset(out, vector.nulls()[0], count);
    } else {
      const uint8_t* in = vector.nulls();
      for (int i = 0; i < count; ++i) out[i] = in[all ? i : positions[i]];
    }
  } else if (has_nulls()) {
    std::memset(nulls_.data() + offset, 0, count);
  }
}

Vector StoredColumn::Gather(const uint32_t* rows, int count, bool may_miss) const {
  if (!has_type_) return Vector::NullConstant(type_);
  const int capacity = std::max(count, 1);
  Vector result;
  if (is_codes()) {
    result = Vector::OfDictionary(type_, dictionary_, capacity);
    const auto* in = reinterpret_cast<const uint16_t*>(values_.data());
    uint16_t* out = result.mutable_codes();
    if (may_miss) {
      for (int i = 0; i < count; ++i) out[i] = rows[i] == kNoRow ? 0 : in[rows[i]];
    } else {
      for (int i = 0; i < count; ++i) out[i] = in[rows[i]];
    }
  } else {
    result = Vector::Flat(type_, physical_, capacity);
    column::DispatchPhysical(physical_, [&](auto tag) {
      using T = decltype(tag);
      const T* in = data<T>();
      T* out = result.mutable_data<T>();
      if (may_miss) {
        for (int i = 0; i < count; ++i) out[i] = rows[i] == kNoRow ? T{} : in[rows[i]];
      } else {
        for (int i = 0; i < count; ++i) out[i] = in[rows[i]];
      }
    });
    if (texts_ != nullptr) result.AddPin(texts_);
  }
  if (may_miss) {
    uint8_t* out = result.MutableNulls(capacity);
    const uint8_t* in = nulls();
    for (int i = 0; i < count; ++i) {
      out[i] = rows[i] == kNoRow ? 1 : (in != nullptr ? in[rows[i]] : 0);
    }
  } else if (has_nulls()) {
    uint8_t* out = result.MutableNulls(capacity);
    const uint8_t* in = nulls();
    for (int i = 0; i < count; ++i) out[i] = in[rows[i]];
  }
  return result;
}

Vector StoredColumn::Range(uint32_t begin, int count) const {
  if (!has_type_) return Vector::NullConstant(type_);
  const int capacity = std::max(count, 1);
  Vector result;
  if (is_codes()) {
    result = Vector::OfDictionary(type_, dictionary_, capacity);
    std::memcpy(result.mutable_codes(), values_.data() + begin * sizeof(uint16_t),
                sizeof(uint16_t) * count);
  } else {
    result = Vector::Flat(type_, physical_, capacity);
    const size_t size = types::PhysicalSize(physical_);
    std::memcpy(result.mutable_data<uint8_t>(), values_.data() + begin * size, size * count);
    if (texts_ != nullptr) result.AddPin(texts_);
  }
  if (has_nulls()) std::memcpy(result.MutableNulls(capacity), nulls() + begin, count);
  return result;
}

// --- RowStore -------------------------------------------------------------------------------------

RowStore::RowStore(int num_columns, base::MemoryPool* memory)
    : columns_(num_columns), charge_(memory) {}

absl::Status RowStore::Charge() {
  int64_t bytes = 0;
  for (const StoredColumn& column : columns_) bytes += static_cast<int64_t>(column.bytes());
  if (bytes <= charge_.bytes()) return absl::OkStatus();
  return charge_.Grow(bytes - charge_.bytes());
}

absl::Status RowStore::Append(std::span<const Vector> columns, std::span<const Position> positions,
                              int count) {
  if (!positions.empty()) count = static_cast<int>(positions.size());
  if (count == 0) return absl::OkStatus();
  const size_t needed = rows_ + count;
  if (needed >= kNoRow) {
    return SqlError(SqlState::kProgramLimitExceeded,
                    "more than 4294967294 rows in one operator of one slice");
  }
  if (needed > capacity_) {
    // The first batch takes what it needs: most states stay small.
    const size_t capacity = rows_ == 0 ? needed : std::max(needed, capacity_ + capacity_ / 2 + 4096);
    int64_t growth = 0;
    for (const StoredColumn& column : columns_) {
      growth += static_cast<int64_t>((capacity - capacity_) * column.width());
    }
    if (rows_ > 0) VESTO_RETURN_IF_ERROR(charge_.Grow(growth));
    for (StoredColumn& column : columns_) column.SetCapacity(capacity);
    capacity_ = capacity;
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].Append(columns[i], positions, count, rows_, capacity_);
  }
  rows_ = needed;
  return Charge();
}

absl::StatusOr<std::unique_ptr<RowStore>> RowStore::Select(std::span<const uint32_t> rows,
                                                           base::MemoryPool* memory) const {
  auto result = std::make_unique<RowStore>(num_columns(), memory);
  std::vector<Vector> vectors(columns_.size());
  for (size_t begin = 0; begin < rows.size(); begin += column::kBatchRows) {
    const int count = static_cast<int>(std::min<size_t>(column::kBatchRows, rows.size() - begin));
    for (size_t c = 0; c < columns_.size(); ++c) {
      vectors[c] = columns_[c].Gather(rows.data() + begin, count, false);
    }
    VESTO_RETURN_IF_ERROR(result->Append(vectors, {}, count));
  }
  return result;
}

column::Pin RowStore::ShareTexts(RowStore& part, size_t column) {
  part.columns_[column].texts();
  return part.columns_[column].texts_;
}

absl::Status RowStore::PrepareConcat(std::span<const std::shared_ptr<RowStore>> parts) {
  parts_.assign(parts.begin(), parts.end());
  part_begin_.clear();
  size_t total = 0;
  for (const auto& part : parts_) {
    part_begin_.push_back(static_cast<uint32_t>(total));
    total += part->rows_;
  }
  if (total >= kNoRow) {
    return SqlError(SqlState::kProgramLimitExceeded,
                    "more than 4294967294 rows in one operator of one slice");
  }
  rows_ = capacity_ = total;
  int64_t bytes = 0;
  for (size_t c = 0; c < columns_.size(); ++c) {
    StoredColumn& column = columns_[c];
    bool nulls = false, codes = true;
    for (const auto& part : parts_) {
      const StoredColumn& from = part->columns_[c];
      if (!from.has_type_) continue;
      if (!column.has_type_) {
        column.has_type_ = true;
        column.type_ = from.type_;
        column.physical_ = from.physical_;
        column.dictionary_ = from.dictionary_;
      }
      codes = codes && from.is_codes() && from.dictionary_ == column.dictionary_;
      nulls = nulls || from.has_nulls();
      if (from.physical_ == PhysicalType::kString) column.texts().pins.push_back(ShareTexts(*part, c));
      if (from.physical_ == PhysicalType::kInt128) column.physical_ = PhysicalType::kInt128;
    }
    if (!column.has_type_) continue;
    if (!codes) {
      // Strings of dictionaries lose their codes; the parts keep the dictionaries alive.
      column.dictionary_ = nullptr;
    }
    bytes += static_cast<int64_t>(total * (column.width() + (nulls ? 1 : 0)));
  }
  VESTO_RETURN_IF_ERROR(charge_.Grow(bytes));
  for (size_t c = 0; c < columns_.size(); ++c) {
    StoredColumn& column = columns_[c];
    if (!column.has_type_) continue;
    column.values_.Resize(std::max<size_t>(total, 1) * column.width());
    for (const auto& part : parts_) {
      if (part->columns_[c].has_nulls()) {
        column.nulls_.Resize(std::max<size_t>(total, 1));
        break;
      }
    }
  }
  return absl::OkStatus();
}

void RowStore::CopyPart(int i) {
  RowStore& part = *parts_[i];
  const size_t begin = part_begin_[i];
  const size_t rows = part.rows_;
  for (size_t c = 0; c < columns_.size(); ++c) {
    StoredColumn& to = columns_[c];
    StoredColumn& from = part.columns_[c];
    if (rows == 0 || !from.has_type_) continue;
    if (from.is_codes() && !to.is_codes()) from.DropCodes(rows, rows);
    if (to.physical_ == PhysicalType::kInt128 && from.physical_ != PhysicalType::kInt128) {
      from.WidenToInt128(rows, rows);
    }
    std::memcpy(to.values_.data() + begin * to.width(), from.values_.data(), rows * to.width());
    if (to.has_nulls()) {
      if (from.has_nulls()) {
        std::memcpy(to.nulls_.data() + begin, from.nulls_.data(), rows);
      } else {
        std::memset(to.nulls_.data() + begin, 0, rows);
      }
    }
    from.values_.Resize(0);
    from.nulls_.Resize(0);
  }
  int64_t heaps = 0;
  for (const StoredColumn& column : part.columns_) heaps += static_cast<int64_t>(column.bytes());
  // Less than what is charged already, so it cannot be refused for long; the heaps live on.
  part.charge_.Clear();
  (void)part.charge_.Grow(heaps);
}

}  // namespace vesto::exec
