#include "exec/steps/group_table.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/status_macros.h"
#include "column/dispatch.h"

namespace vesto::exec {

using column::Position;
using column::StringRef;
using column::Vector;

namespace {

constexpr uint64_t kAddressMask = (uint64_t{1} << 48) - 1;
constexpr size_t kFirstSlots = 1024;
constexpr size_t kChunkBytes = 128 * 1024;

uint64_t SaltOf(uint64_t hash) { return hash & ~kAddressMask; }
uint8_t* RowOf(uint64_t slot) { return reinterpret_cast<uint8_t*>(slot & kAddressMask); }

template <typename T>
T LoadAs(const uint8_t* address) {
  T value;
  std::memcpy(static_cast<void*>(&value), address, sizeof(value));
  return value;
}

// Equality of a stored string, in the form it came, and a key in comparison form.
bool StoredEquals(const StringRef& stored, const StringRef& key, bool trims) {
  if (stored == key) return true;
  if (!trims || stored.size() <= key.size()) return false;
  return Trimmed(stored) == key;
}

}  // namespace

void GroupTable::FreeDeleter::operator()(uint8_t* p) const { std::free(p); }

GroupTable::GroupTable(std::vector<KeyForm> forms, size_t payload_bytes,
                       size_t payload_alignment, base::MemoryPool* memory)
    : forms_(std::move(forms)), charge_(memory) {
  size_t offset = 8 + (forms_.size() + 7) / 8 * 8;
  for (const KeyForm& form : forms_) {
    key_offsets_.push_back(offset);
    offset += KeySize(form.kind);
  }
  for (const KeyForm& form : forms_) {
    original_offsets_.push_back(form.folds ? offset : 0);
    if (form.folds) offset += sizeof(StringRef);
  }
  const auto aligned = [payload_alignment](size_t bytes) {
    return (bytes + payload_alignment - 1) / payload_alignment * payload_alignment;
  };
  payload_offset_ = aligned(offset);
  row_bytes_ = aligned(payload_offset_ + payload_bytes);
  chunk_shift_ = 6;
  while ((row_bytes_ << (chunk_shift_ + 1)) <= kChunkBytes) ++chunk_shift_;
  chunk_mask_ = (int64_t{1} << chunk_shift_) - 1;
  single_int_ = forms_.size() == 1 && forms_[0].kind == KeyKind::kInt;
}

GroupTable::~GroupTable() = default;

void GroupTable::Rehash(size_t slots) {
  slots_ = std::make_unique<uint64_t[]>(slots);  // zeroed: empty
  slot_mask_ = slots - 1;
  for (int64_t i = 0; i < size_; ++i) {
    uint8_t* address = row(i);
    const auto hash = LoadAs<uint64_t>(address);
    size_t slot = hash & slot_mask_;
    while (slots_[slot] != 0) slot = (slot + 1) & slot_mask_;
    slots_[slot] = SaltOf(hash) | reinterpret_cast<uint64_t>(address);
  }
}

absl::Status GroupTable::Prepare(int64_t new_groups) {
  const int64_t needed = size_ + new_groups;
  // At most half full, so that runs stay short.
  size_t slots = slots_ == nullptr ? kFirstSlots : slot_mask_ + 1;
  const size_t old_slots = slots_ == nullptr ? 0 : slots;
  // A batch of known groups adds none: grow when the groups that exist fill a quarter and more.
  while (static_cast<size_t>(needed) * 2 > slots &&
         (static_cast<size_t>(size_) * 4 > slots || static_cast<size_t>(needed) * 8 > slots * 7)) {
    slots *= 2;
  }
  if (slots != old_slots) {
    VESTO_RETURN_IF_ERROR(
        charge_.Grow(static_cast<int64_t>((slots - old_slots) * sizeof(uint64_t))));
    Rehash(slots);
  }
  return absl::OkStatus();
}

absl::Status GroupTable::ChargeRows() {
  const int64_t bytes = static_cast<int64_t>(chunks_.size() * (row_bytes_ << chunk_shift_)) +
                        static_cast<int64_t>(heap_->bytes());
  const int64_t growth = bytes - rows_charged_;
  if (growth == 0) return absl::OkStatus();
  rows_charged_ = bytes;
  return charge_.Grow(growth);
}

uint8_t* GroupTable::NewRow(const KeyBatch& keys, int i, uint64_t hash) {
  if (size_ >> chunk_shift_ == static_cast<int64_t>(chunks_.size())) {
    const size_t bytes = row_bytes_ << chunk_shift_;
    void* memory = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (memory == nullptr) throw std::bad_alloc();
    chunks_.emplace_back(static_cast<uint8_t*>(memory));
  }
  uint8_t* address = row(size_++);
  std::memcpy(address, &hash, sizeof(hash));
  uint8_t* nulls = address + 8;
  for (size_t k = 0; k < forms_.size(); ++k) {
    const KeyColumn& column = keys.column(static_cast<int>(k));
    const bool null = column.nulls != nullptr && column.nulls[i] != 0;
    nulls[k] = null ? 1 : 0;
    uint8_t* target = address + key_offsets_[k];
    switch (column.form.kind) {
      case KeyKind::kInt:
      case KeyKind::kDouble: {
        const uint64_t value = null ? 0 : column.As<uint64_t>()[i];
        std::memcpy(target, &value, sizeof(value));
        break;
      }
      case KeyKind::kInt128: {
        const int128_t value = null ? 0 : column.As<int128_t>()[i];
        std::memcpy(target, &value, sizeof(value));
        break;
      }
      case KeyKind::kString: {
        const StringRef original = null ? StringRef() : heap_->Add(column.original[i]);
        const StringRef value =
            null ? StringRef() : (column.form.folds ? heap_->Add(column.As<StringRef>()[i]) : original);
        std::memcpy(target, static_cast<const void*>(&value), sizeof(value));
        if (column.form.folds) {
          std::memcpy(address + original_offsets_[k], static_cast<const void*>(&original),
                      sizeof(original));
        }
        break;
      }
    }
  }
  std::memset(address + payload_offset_, 0,
              row_bytes_ > payload_offset_ ? row_bytes_ - payload_offset_ : 0);
  return address;
}

bool GroupTable::KeyEquals(const uint8_t* row, const KeyBatch& keys, int i) const {
  for (size_t k = 0; k < forms_.size(); ++k) {
    const KeyColumn& column = keys.column(static_cast<int>(k));
    const bool null = column.nulls != nullptr && column.nulls[i] != 0;
    if (null != (row[8 + k] != 0)) return false;
    if (null) continue;
    const uint8_t* stored = row + key_offsets_[k];
    switch (column.form.kind) {
      case KeyKind::kInt:
      case KeyKind::kDouble:
        if (LoadAs<uint64_t>(stored) != column.As<uint64_t>()[i]) return false;
        break;
      case KeyKind::kInt128:
        if (LoadAs<int128_t>(stored) != column.As<int128_t>()[i]) return false;
        break;
      case KeyKind::kString:
        if (!StoredEquals(LoadAs<StringRef>(stored), column.As<StringRef>()[i],
                          column.form.trims)) {
          return false;
        }
        break;
    }
  }
  return true;
}

absl::StatusOr<uint8_t*> GroupTable::FindOrInsertRow(KeyBatch& keys, int i, bool* inserted) {
  VESTO_RETURN_IF_ERROR(Prepare(1));
  const uint64_t hash = keys.hashes()[i];
  *inserted = false;
  for (size_t slot = hash & slot_mask_;; slot = (slot + 1) & slot_mask_) {
    const uint64_t entry = slots_[slot];
    if (entry == 0) {
      *inserted = true;
      uint8_t* address = NewRow(keys, i, hash);
      slots_[slot] = SaltOf(hash) | reinterpret_cast<uint64_t>(address);
      VESTO_RETURN_IF_ERROR(ChargeRows());
      return address;
    }
    if (SaltOf(entry) == SaltOf(hash) && KeyEquals(RowOf(entry), keys, i)) return RowOf(entry);
  }
}

absl::Status GroupTable::FindOrInsert(KeyBatch& keys, uint8_t** groups,
                                      std::vector<Position>* inserted) {
  const int rows = keys.rows();
  VESTO_RETURN_IF_ERROR(Prepare(rows));
  const uint64_t* hashes = keys.hashes();
  const auto insert = [&](int i, size_t slot) {
    uint8_t* address = NewRow(keys, i, hashes[i]);
    slots_[slot] = SaltOf(hashes[i]) | reinterpret_cast<uint64_t>(address);
    groups[i] = address;
    if (inserted != nullptr) inserted->push_back(static_cast<Position>(i));
  };
  if (single_int_ && keys.column(0).nulls == nullptr) {
    // One comparison decides: no salt, no second pass. A NULL group holds key 0, so ask its byte.
    const int64_t* values = keys.column(0).As<int64_t>();
    const size_t offset = key_offsets_[0];
    for (int i = 0; i < rows; ++i) {
      size_t slot = hashes[i] & slot_mask_;
      while (true) {
        const uint64_t entry = slots_[slot];
        if (entry == 0) {
          insert(i, slot);
          break;
        }
        if (SaltOf(entry) == SaltOf(hashes[i])) {
          uint8_t* address = RowOf(entry);
          if (LoadAs<int64_t>(address + offset) == values[i] && address[8] == 0) {
            groups[i] = address;
            break;
          }
        }
        slot = (slot + 1) & slot_mask_;
      }
    }
  } else {
    positions_.resize(rows);
    active_.resize(rows);
    for (int i = 0; i < rows; ++i) {
      positions_[i] = 0;
      active_[i] = static_cast<Position>(i);
    }
    while (!active_.empty()) {
      compare_.clear();
      for (const Position i : active_) {
        size_t slot = (hashes[i] + positions_[i]) & slot_mask_;
        while (slots_[slot] != 0 && SaltOf(slots_[slot]) != SaltOf(hashes[i])) {
          slot = (slot + 1) & slot_mask_;
          ++positions_[i];
        }
        if (slots_[slot] == 0) {
          insert(i, slot);
        } else {
          groups[i] = RowOf(slots_[slot]);
          compare_.push_back(i);
        }
      }
      active_.clear();
      // Column by column, so that each loop knows its type; most candidates are right.
      for (size_t k = 0; k < forms_.size() && !compare_.empty(); ++k) {
        const KeyColumn& column = keys.column(static_cast<int>(k));
        const size_t offset = key_offsets_[k];
        size_t kept = 0;
        const auto keep = [&](auto&& equal) {
          const uint8_t* nulls = column.nulls;
          for (const Position i : compare_) {
            const uint8_t* address = groups[i];
            const bool null = nulls != nullptr && nulls[i] != 0;
            const bool same = null == (address[8 + k] != 0) && (null || equal(address + offset, i));
            if (same) {
              compare_[kept++] = i;
            } else {
              ++positions_[i];
              active_.push_back(i);
            }
          }
        };
        switch (column.form.kind) {
          case KeyKind::kInt:
          case KeyKind::kDouble: {
            const uint64_t* values = column.As<uint64_t>();
            keep([values](const uint8_t* stored, Position i) {
              return LoadAs<uint64_t>(stored) == values[i];
            });
            break;
          }
          case KeyKind::kInt128: {
            const int128_t* values = column.As<int128_t>();
            keep([values](const uint8_t* stored, Position i) {
              return LoadAs<int128_t>(stored) == values[i];
            });
            break;
          }
          case KeyKind::kString: {
            const StringRef* values = column.As<StringRef>();
            const bool trims = column.form.trims;
            keep([values, trims](const uint8_t* stored, Position i) {
              return StoredEquals(LoadAs<StringRef>(stored), values[i], trims);
            });
            break;
          }
        }
        compare_.resize(kept);
      }
      // Within a batch a row must find the group that an earlier row made: keep their order.
      std::sort(active_.begin(), active_.end());
    }
    // Retried rows insert later than their successors: callers see positions in order.
    if (inserted != nullptr) std::sort(inserted->begin(), inserted->end());
  }
  return ChargeRows();
}

absl::Status GroupTable::AppendAll(KeyBatch& keys, uint8_t** groups) {
  const uint64_t* hashes = keys.hashes();
  for (int i = 0; i < keys.rows(); ++i) groups[i] = NewRow(keys, i, hashes[i]);
  slots_ = nullptr;
  slot_mask_ = 0;
  return ChargeRows();
}

Vector GroupTable::KeyVector(int k, const Type& type, int64_t first, int count) const {
  Vector result = Vector::Flat(type, types::DefaultPhysicalType(type), std::max(count, 1));
  const size_t offset =
      original_offsets_[k] != 0 ? original_offsets_[k] : key_offsets_[k];
  const KeyKind kind = forms_[k].kind;
  column::DispatchPhysical(result.physical(), [&](auto tag) {
    using T = decltype(tag);
    T* out = result.mutable_data<T>();
    for (int i = 0; i < count; ++i) {
      const uint8_t* stored = row(first + i) + offset;
      if constexpr (std::is_same_v<T, StringRef>) {
        out[i] = LoadAs<StringRef>(stored);
      } else if constexpr (std::is_floating_point_v<T>) {
        out[i] = static_cast<T>(LoadAs<double>(stored));
      } else if (kind == KeyKind::kInt128) {
        out[i] = static_cast<T>(LoadAs<int128_t>(stored));
      } else {
        out[i] = static_cast<T>(LoadAs<int64_t>(stored));
      }
    }
  });
  bool any = false;
  for (int i = 0; i < count && !any; ++i) any = IsNull(row(first + i), k);
  if (any) {
    uint8_t* nulls = result.MutableNulls(std::max(count, 1));
    for (int i = 0; i < count; ++i) nulls[i] = IsNull(row(first + i), k) ? 1 : 0;
  }
  if (result.physical() == types::PhysicalType::kString) result.AddPin(heap_);
  return result;
}

}  // namespace vesto::exec
