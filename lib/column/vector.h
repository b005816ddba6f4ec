#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "base/check.h"
#include "column/string_ref.h"
#include "types/physical_type.h"
#include "vesto/type.h"
#include "vesto/value.h"

namespace vesto::column {

using types::PhysicalType;

// Rows of a batch: large enough that dispatch costs nothing, small enough that a pipeline of six
// vectors stays in the first-level cache (performance.md §3).
inline constexpr int kBatchRows = 2048;

// Row positions within a batch.
using Position = uint16_t;

// Keeps alive what vectors point into: a buffer, a string heap, a sealed block, a dictionary.
using Pin = std::shared_ptr<const void>;
using Pins = absl::InlinedVector<Pin, 2>;

// Bump storage for the long strings of one vector, or of an operator's state. Strings never move.
// Thread-safety: thread-compatible.
class StringHeap {
 public:
  // Uninitialised room for `size` bytes; the caller fills it and makes a StringRef over it.
  char* Allocate(size_t size);
  StringRef Add(std::string_view text) {
    if (text.size() <= StringRef::kInlineBytes) return StringRef(text);
    char* room = Allocate(text.size());
    std::memcpy(room, text.data(), text.size());
    return StringRef(room, text.size());
  }
  StringRef Add(StringRef text) { return text.is_inline() ? text : Add(text.view()); }
  size_t bytes() const { return bytes_; }

 private:
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t bytes_ = 0;
};

// The distinct strings of a column, addressed by code. Immutable once shared.
struct Dictionary {
  std::vector<StringRef> entries;
  StringHeap heap;
  // True when no two entries compare equal as SQL strings (no trailing blanks, and not
  // case-insensitive): then equal codes are the same as equal values.
  bool distinct = true;
};

enum class VectorKind : uint8_t {
  kFlat,        // one value per row
  kConstant,    // one value for all rows
  kDictionary,  // strings only: a uint16_t code per row
};

// A column of up to kBatchRows rows.
//
// NULLs: `nulls()` is null when no row is NULL, else one byte per row (1 = NULL). The data slot of
// a NULL row holds zero or the empty string, so kernels may compute on it; a kernel that can fail
// skips NULL rows.
// Copying a Vector shares its memory; only the one who made it, and before sharing it, writes.
// Thread-safety: thread-compatible.
class Vector {
 public:
  Vector() = default;

  // Room for `capacity` rows, data not initialised, no NULLs.
  static Vector Flat(const Type& type, PhysicalType physical, int capacity = kBatchRows);
  static Vector Flat(const Type& type) {
    return Flat(type, types::DefaultPhysicalType(type), kBatchRows);
  }
  static Vector Constant(const Value& value);
  // The same, in a chosen physical form (a DECIMAL's kInt64 or kInt128).
  static Vector Constant(const Value& value, PhysicalType physical);
  static Vector NullConstant(const Type& type);
  static Vector OfDictionary(const Type& type, std::shared_ptr<const Dictionary> dictionary,
                             int capacity = kBatchRows);

  const Type& type() const { return type_; }
  void set_type(const Type& type) { type_ = type; }  // same physical form, another SQL type
  PhysicalType physical() const { return physical_; }
  VectorKind kind() const { return kind_; }
  bool is_constant() const { return kind_ == VectorKind::kConstant; }
  bool is_dictionary() const { return kind_ == VectorKind::kDictionary; }

  // Flat: one per row. Constant: one. Not for dictionaries.
  template <typename T>
  const T* data() const {
    VESTO_DCHECK(kind_ != VectorKind::kDictionary);
    return reinterpret_cast<const T*>(data_);
  }
  template <typename T>
  T* mutable_data() {
    return reinterpret_cast<T*>(data_);
  }
  const uint16_t* codes() const { return reinterpret_cast<const uint16_t*>(data_); }
  uint16_t* mutable_codes() { return reinterpret_cast<uint16_t*>(data_); }
  const std::shared_ptr<const Dictionary>& dictionary() const { return dictionary_; }

  const uint8_t* nulls() const { return nulls_; }
  bool has_nulls() const { return nulls_ != nullptr; }
  bool IsNull(int row) const {
    return nulls_ != nullptr && nulls_[kind_ == VectorKind::kConstant ? 0 : row] != 0;
  }
  bool IsConstantNull() const { return is_constant() && nulls_ != nullptr && nulls_[0] != 0; }
  // The NULL bytes, all zero on first call. `rows` is how many rows will be used.
  uint8_t* MutableNulls(int rows = kBatchRows);
  void ClearNulls() { nulls_ = nullptr; }
  // Marks a row NULL and zeroes its data slot. Flat only.
  void SetNull(int row);

  // Where a kernel puts the long strings it makes; created and pinned on first call.
  StringHeap& heap();
  // Keeps `pin` alive as long as this vector and its copies.
  void AddPin(Pin pin);
  void AddPinsOf(const Vector& other);
  const Pins& pins() const { return pins_; }

  // Element access for slow paths. `row` < rows of the batch.
  StringRef StringAt(int row) const {
    if (kind_ == VectorKind::kDictionary) return dictionary_->entries[codes()[row]];
    return data<StringRef>()[kind_ == VectorKind::kConstant ? 0 : row];
  }
  Value ValueAt(int row) const;
  // Flat only; converts nothing: `value` has this vector's type.
  void SetValue(int row, const Value& value);

  // The same rows as a flat vector (itself when it is flat).
  Vector Flatten(int rows) const;
  // The rows at `positions`, in that order. Dictionaries stay dictionaries, constants constants.
  Vector Gather(std::span<const Position> positions) const;
  // Rows [begin, begin + count).
  Vector Slice(int begin, int count) const;

 private:
  Type type_;
  PhysicalType physical_ = PhysicalType::kInt32;
  VectorKind kind_ = VectorKind::kFlat;
  uint8_t* data_ = nullptr;
  uint8_t* nulls_ = nullptr;
  std::shared_ptr<const Dictionary> dictionary_;
  StringHeap* heap_ = nullptr;  // owned by a pin
  Pins pins_;
};

// Aligned memory for vectors, owned by a pin.
std::shared_ptr<uint8_t[]> AllocateBuffer(size_t bytes);

// Copies rows of `source` (any kind, same physical type) to `target` (flat) from row `offset` on.
// Pins are added. `positions` selects the source rows; empty span and `count` >= 0: the first ones.
void AppendRows(const Vector& source, std::span<const Position> positions, int count,
                Vector* target, int offset);

}  // namespace vesto::column
