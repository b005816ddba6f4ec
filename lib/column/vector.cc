#include "column/vector.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "base/int128.h"
#include "column/batch.h"
#include "column/dispatch.h"

namespace vesto::column {
namespace {

constexpr size_t kHeapChunkBytes = 32 * 1024;

template <typename T>
void GatherInto(const T* source, std::span<const Position> positions, T* target) {
  for (size_t i = 0; i < positions.size(); ++i) target[i] = source[positions[i]];
}

void StoreValue(PhysicalType physical, const Value& value, StringHeap& heap, uint8_t* slot) {
  switch (physical) {
    case PhysicalType::kBool:
      *slot = value.boolean() ? 1 : 0;
      return;
    case PhysicalType::kInt16: {
      const auto v = static_cast<int16_t>(value.integer());
      std::memcpy(slot, &v, sizeof(v));
      return;
    }
    case PhysicalType::kInt32: {
      const auto v = static_cast<int32_t>(value.integer());
      std::memcpy(slot, &v, sizeof(v));
      return;
    }
    case PhysicalType::kInt64: {
      const int64_t v = value.integer();
      std::memcpy(slot, &v, sizeof(v));
      return;
    }
    case PhysicalType::kInt128: {
      const int128_t v = value.integer128();
      std::memcpy(slot, &v, sizeof(v));
      return;
    }
    case PhysicalType::kFloat: {
      const auto v = static_cast<float>(value.floating());
      std::memcpy(slot, &v, sizeof(v));
      return;
    }
    case PhysicalType::kDouble: {
      const double v = value.floating();
      std::memcpy(slot, &v, sizeof(v));
      return;
    }
    case PhysicalType::kString: {
      const StringRef v = heap.Add(std::string_view(value.text()));
      std::memcpy(slot, static_cast<const void*>(&v), sizeof(v));
      return;
    }
  }
}

}  // namespace

std::shared_ptr<uint8_t[]> AllocateBuffer(size_t bytes) {
  constexpr size_t kAlignment = 64;
  const size_t rounded = (std::max<size_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment;
  auto* memory = static_cast<uint8_t*>(std::aligned_alloc(kAlignment, rounded));
  if (memory == nullptr) throw std::bad_alloc();
  return std::shared_ptr<uint8_t[]>(memory, [](uint8_t* p) { std::free(p); });
}

char* StringHeap::Allocate(size_t size) {
  if (size > left_) {
    const size_t chunk = std::max(size, kHeapChunkBytes);
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk));
    bytes_ += chunk;
    next_ = chunks_.back().get();
    left_ = chunk;
  }
  char* room = next_;
  next_ += size;
  left_ -= size;
  return room;
}

Vector Vector::Flat(const Type& type, PhysicalType physical, int capacity) {
  Vector result;
  result.type_ = type;
  result.physical_ = physical;
  auto buffer = AllocateBuffer(static_cast<size_t>(types::PhysicalSize(physical)) * capacity);
  result.data_ = buffer.get();
  result.pins_.push_back(std::move(buffer));
  return result;
}

Vector Vector::Constant(const Value& value) {
  return Constant(value, types::DefaultPhysicalType(value.type()));
}

Vector Vector::Constant(const Value& value, PhysicalType physical) {
  Vector result = Flat(value.type(), physical, 1);
  result.kind_ = VectorKind::kConstant;
  std::memset(result.data_, 0, types::PhysicalSize(physical));
  if (value.is_null()) {
    result.MutableNulls(1)[0] = 1;
  } else {
    StoreValue(physical, value, result.heap(), result.data_);
  }
  return result;
}

Vector Vector::NullConstant(const Type& type) { return Constant(Value::Null(type)); }

Vector Vector::OfDictionary(const Type& type, std::shared_ptr<const Dictionary> dictionary,
                            int capacity) {
  Vector result;
  result.type_ = type;
  result.physical_ = PhysicalType::kString;
  result.kind_ = VectorKind::kDictionary;
  auto buffer = AllocateBuffer(sizeof(uint16_t) * capacity);
  result.data_ = buffer.get();
  result.pins_.push_back(std::move(buffer));
  result.pins_.push_back(dictionary);
  result.dictionary_ = std::move(dictionary);
  return result;
}

uint8_t* Vector::MutableNulls(int rows) {
  if (nulls_ == nullptr) {
    const int capacity = std::max(rows, 1);
    auto buffer = AllocateBuffer(capacity);
    std::memset(buffer.get(), 0, capacity);
    nulls_ = buffer.get();
    pins_.push_back(std::move(buffer));
  }
  return nulls_;
}

void Vector::SetNull(int row) {
  MutableNulls()[row] = 1;
  const int size = types::PhysicalSize(physical_);
  std::memset(data_ + static_cast<size_t>(row) * size, 0, size);
}

StringHeap& Vector::heap() {
  if (heap_ == nullptr) {
    auto heap = std::make_shared<StringHeap>();
    heap_ = heap.get();
    pins_.push_back(std::move(heap));
  }
  return *heap_;
}

void Vector::AddPin(Pin pin) {
  for (const Pin& known : pins_) {
    if (known == pin) return;
  }
  pins_.push_back(std::move(pin));
}

void Vector::AddPinsOf(const Vector& other) {
  for (const Pin& pin : other.pins_) AddPin(pin);
}

Value Vector::ValueAt(int row) const {
  if (IsNull(row)) return Value::Null(type_);
  const int i = is_constant() ? 0 : row;
  switch (physical_) {
    case PhysicalType::kBool: return Value::OfInteger(type_, data<uint8_t>()[i]);
    case PhysicalType::kInt16: return Value::OfInteger(type_, data<int16_t>()[i]);
    case PhysicalType::kInt32: return Value::OfInteger(type_, data<int32_t>()[i]);
    case PhysicalType::kInt64: return Value::OfInteger(type_, data<int64_t>()[i]);
    case PhysicalType::kInt128: return Value::OfInteger(type_, data<int128_t>()[i]);
    case PhysicalType::kFloat: return Value::OfDouble(type_, data<float>()[i]);
    case PhysicalType::kDouble: return Value::OfDouble(type_, data<double>()[i]);
    case PhysicalType::kString: return Value::OfText(type_, std::string(StringAt(row).view()));
  }
  __builtin_unreachable();
}

void Vector::SetValue(int row, const Value& value) {
  if (value.is_null()) {
    SetNull(row);
    return;
  }
  StoreValue(physical_, value, heap(),
             data_ + static_cast<size_t>(row) * types::PhysicalSize(physical_));
}

Vector Vector::Flatten(int rows) const {
  if (kind_ == VectorKind::kFlat) return *this;
  Vector result = Flat(type_, physical_, std::max(rows, 1));
  if (kind_ == VectorKind::kDictionary) {
    StringRef* out = result.mutable_data<StringRef>();
    const StringRef* entries = dictionary_->entries.data();
    const uint16_t* code = codes();
    for (int i = 0; i < rows; ++i) out[i] = entries[code[i]];
    result.nulls_ = nulls_;
  } else {
    DispatchPhysical(physical_, [&](auto tag) {
      using T = decltype(tag);
      std::fill_n(result.mutable_data<T>(), rows, *data<T>());
    });
    if (IsConstantNull()) std::memset(result.MutableNulls(rows), 1, rows);
  }
  result.AddPinsOf(*this);
  return result;
}

Vector Vector::Gather(std::span<const Position> positions) const {
  if (kind_ == VectorKind::kConstant) return *this;
  const int rows = static_cast<int>(positions.size());
  Vector result;
  if (kind_ == VectorKind::kDictionary) {
    result = OfDictionary(type_, dictionary_, std::max(rows, 1));
    GatherInto(codes(), positions, result.mutable_codes());
  } else {
    result = Flat(type_, physical_, std::max(rows, 1));
    DispatchPhysical(physical_, [&](auto tag) {
      using T = decltype(tag);
      GatherInto(data<T>(), positions, result.mutable_data<T>());
    });
    // Numbers are copied whole; strings still point into what the source pins.
    if (physical_ == PhysicalType::kString) result.AddPinsOf(*this);
  }
  if (nulls_ != nullptr) GatherInto(nulls_, positions, result.MutableNulls(rows));
  return result;
}

Vector Vector::Slice(int begin, int count) const {
  if (kind_ == VectorKind::kConstant) return *this;
  (void)count;
  Vector result = *this;
  const size_t size =
      kind_ == VectorKind::kDictionary ? sizeof(uint16_t) : types::PhysicalSize(physical_);
  result.data_ += size * begin;
  if (result.nulls_ != nullptr) result.nulls_ += begin;
  return result;
}

void AppendRows(const Vector& source, std::span<const Position> positions, int count,
                Vector* target, int offset) {
  const bool all = positions.empty();
  const int rows = all ? count : static_cast<int>(positions.size());
  if (rows == 0) return;
  if (source.kind() != VectorKind::kFlat) {
    if (source.is_dictionary()) {
      StringRef* out = target->mutable_data<StringRef>() + offset;
      const auto& entries = source.dictionary()->entries;
      for (int i = 0; i < rows; ++i) out[i] = entries[source.codes()[all ? i : positions[i]]];
    } else {
      DispatchPhysical(source.physical(), [&](auto tag) {
        using T = decltype(tag);
        std::fill_n(target->mutable_data<T>() + offset, rows, *source.data<T>());
      });
    }
  } else {
    DispatchPhysical(source.physical(), [&](auto tag) {
      using T = decltype(tag);
      if (all) {
        std::memcpy(static_cast<void*>(target->mutable_data<T>() + offset), source.data<T>(),
                    sizeof(T) * rows);
      } else {
        GatherInto(source.data<T>(), positions, target->mutable_data<T>() + offset);
      }
    });
  }
  if (source.has_nulls()) {
    uint8_t* out = target->MutableNulls() + offset;
    for (int i = 0; i < rows; ++i) out[i] = source.IsNull(all ? i : positions[i]) ? 1 : 0;
  } else if (target->has_nulls()) {
    std::memset(target->MutableNulls() + offset, 0, rows);
  }
  if (source.physical() == PhysicalType::kString) target->AddPinsOf(source);
}

Batch Batch::Gather(std::span<const Position> positions) const {
  Batch result;
  result.rows = static_cast<int>(positions.size());
  result.columns.reserve(columns.size());
  for (const Vector& column : columns) result.columns.push_back(column.Gather(positions));
  return result;
}

Batch Batch::Slice(int begin, int count) const {
  Batch result;
  result.rows = count;
  result.columns.reserve(columns.size());
  for (const Vector& column : columns) result.columns.push_back(column.Slice(begin, count));
  return result;
}

int64_t Batch::ByteSize() const {
  int64_t bytes = 0;
  for (const Vector& column : columns) {
    switch (column.kind()) {
      case VectorKind::kConstant:
        bytes += types::PhysicalSize(column.physical());
        break;
      case VectorKind::kDictionary:
        bytes += static_cast<int64_t>(sizeof(uint16_t)) * rows;
        break;
      case VectorKind::kFlat:
        bytes += static_cast<int64_t>(types::PhysicalSize(column.physical())) * rows;
        if (column.physical() == PhysicalType::kString) {
          const StringRef* text = column.data<StringRef>();
          for (int i = 0; i < rows; ++i) bytes += text[i].is_inline() ? 0 : text[i].size();
        }
        break;
    }
  }
  return bytes;
}

}  // namespace vesto::column
