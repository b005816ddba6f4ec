#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "column/batch.h"
#include "column/vector.h"

namespace vesto::exec {

// Names no row: a gather yields NULL for it.
inline constexpr uint32_t kNoRow = 0xffffffffu;

// Raw memory that grows by realloc, which moves large blocks by remapping pages.
class GrowingBuffer {
 public:
  GrowingBuffer() = default;
  ~GrowingBuffer() { std::free(data_); }
  GrowingBuffer(GrowingBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  GrowingBuffer& operator=(GrowingBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  // Keeps the contents up to the smaller size; new bytes are not initialised.
  void Resize(size_t bytes) {
    if (bytes == 0) {
      std::free(std::exchange(data_, nullptr));
    } else {
      void* memory = std::realloc(data_, bytes);
      if (memory == nullptr) throw std::bad_alloc();
      data_ = static_cast<uint8_t*>(memory);
    }
    bytes_ = bytes;
  }
  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  uint8_t* data_ = nullptr;
  size_t bytes_ = 0;
};

// One column of a RowStore: contiguous values, so that a gather is one load per value.
// Strings of one dictionary stay codes; long flat strings are copied to the column's heap, those of
// several dictionaries point into the dictionaries, which are pinned.
class StoredColumn {
 public:
  const Type& type() const { return type_; }
  types::PhysicalType physical() const { return physical_; }
  // Not for a column of codes, see is_codes().
  template <typename T>
  const T* data() const {
    return reinterpret_cast<const T*>(values_.data());
  }
  bool is_codes() const { return dictionary_ != nullptr; }
  bool has_nulls() const { return nulls_.data() != nullptr; }
  bool IsNull(uint32_t row) const { return has_nulls() && nulls_.data()[row] != 0; }
  const uint8_t* nulls() const { return nulls_.data(); }
  column::StringRef StringAt(uint32_t row) const {
    if (is_codes()) {
      return dictionary_->entries[reinterpret_cast<const uint16_t*>(values_.data())[row]];
    }
    return data<column::StringRef>()[row];
  }
  // False until the first rows have come.
  bool has_type() const { return has_type_; }

  // The values at `rows`; NULL where a row is kNoRow (`may_miss` says whether there are such).
  // Strings pin what they point into, not this column: a result may outlive its query.
  column::Vector Gather(const uint32_t* rows, int count, bool may_miss) const;
  // The values of rows [begin, begin + count).
  column::Vector Range(uint32_t begin, int count) const;

 private:
  friend class RowStore;

  int width() const;
  // Makes room for `capacity` rows of what is there.
  void SetCapacity(size_t capacity);
  void SetType(const column::Vector& like, size_t rows, size_t capacity);
  void DropCodes(size_t rows, size_t capacity);
  void WidenToInt128(size_t rows, size_t capacity);
  void NeedNulls(size_t rows, size_t capacity);
  void Append(const column::Vector& vector, std::span<const column::Position> positions, int count,
              size_t offset, size_t capacity);
  // What string values point into.
  struct Texts {
    column::StringHeap heap;
    std::vector<column::Pin> pins;  // dictionaries
  };
  Texts& texts() {
    if (texts_ == nullptr) texts_ = std::make_shared<Texts>();
    return *texts_;
  }
  size_t bytes() const {
    return values_.bytes() + nulls_.bytes() + (texts_ == nullptr ? 0 : texts_->heap.bytes());
  }

  bool has_type_ = false;
  Type type_;
  types::PhysicalType physical_ = types::PhysicalType::kInt32;
  std::shared_ptr<const column::Dictionary> dictionary_;
  GrowingBuffer values_;
  GrowingBuffer nulls_;  // empty while no row is NULL
  std::shared_ptr<Texts> texts_;
};

// Rows of an operator's state, column by column, addressed by 32-bit row numbers.
// Charges its memory to a pool. Thread-safety: thread-compatible.
class RowStore {
 public:
  RowStore(int num_columns, base::MemoryPool* memory);

  // Appends the rows of `columns` at `positions` (empty: the first `count` rows).
  absl::Status Append(std::span<const column::Vector> columns,
                      std::span<const column::Position> positions, int count);
  absl::Status Append(const column::Batch& batch) { return Append(batch.columns, {}, batch.rows); }

  uint32_t rows() const { return static_cast<uint32_t>(rows_); }
  int num_columns() const { return static_cast<int>(columns_.size()); }
  const StoredColumn& column(int i) const { return columns_[i]; }
  int64_t bytes() const { return charge_.bytes(); }

  // Copies the rows named by `rows` into a new store (top-n forgets the others).
  absl::StatusOr<std::unique_ptr<RowStore>> Select(std::span<const uint32_t> rows,
                                                   base::MemoryPool* memory) const;

  // --- Several stores as one, copied in parallel ---
  // 1. One thread: makes room for all rows of `parts`, in this order.
  absl::Status PrepareConcat(std::span<const std::shared_ptr<RowStore>> parts);
  // 2. Any thread, each part once: copies the rows of part `i` to their place and frees its arrays.
  void CopyPart(int i);
  uint32_t part_begin(int i) const { return part_begin_[i]; }

 private:
  absl::Status Charge();
  static column::Pin ShareTexts(RowStore& part, size_t column);

  std::vector<StoredColumn> columns_;
  size_t rows_ = 0;
  size_t capacity_ = 0;
  base::MemoryCharge charge_;
  std::vector<std::shared_ptr<RowStore>> parts_;
  std::vector<uint32_t> part_begin_;
};

}  // namespace vesto::exec
