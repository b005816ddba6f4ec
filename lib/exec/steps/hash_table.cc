#include "exec/steps/hash_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/hash.h"
#include "base/status_macros.h"

namespace vesto::exec {

using column::Position;
using column::StringRef;

// --- KeyStore -------------------------------------------------------------------------------------

KeyStore::KeyStore(std::vector<KeyForm> forms, base::MemoryPool* memory)
    : forms_(std::move(forms)),
      columns_(forms_.size()),
      nulls_(forms_.size()),
      heap_(std::make_shared<column::StringHeap>()),
      charge_(memory) {}

absl::Status KeyStore::Append(const KeyBatch& keys, std::span<const Position> positions) {
  const bool all = positions.empty();
  const int count = all ? keys.rows() : static_cast<int>(positions.size());
  const int64_t needed = rows_ + count;
  if (needed > capacity_) {
    const int64_t capacity = rows_ == 0 ? needed : std::max(needed, capacity_ + capacity_ / 2 + 4096);
    int64_t width = 0;
    for (const KeyForm& form : forms_) width += KeySize(form.kind);
    VESTO_RETURN_IF_ERROR(charge_.Grow((capacity - capacity_) * width));
    for (size_t k = 0; k < forms_.size(); ++k) {
      columns_[k].Resize(capacity * KeySize(forms_[k].kind));
      if (nulls_[k].data() != nullptr) nulls_[k].Resize(capacity);
    }
    capacity_ = capacity;
  }
  for (size_t k = 0; k < forms_.size(); ++k) {
    const KeyColumn& column = keys.column(static_cast<int>(k));
    const auto copy = [&](auto tag) {
      using T = decltype(tag);
      const T* in = column.As<T>();
      T* out = reinterpret_cast<T*>(columns_[k].data()) + rows_;
      if (all) {
        std::memcpy(out, in, sizeof(T) * count);
      } else {
        for (int i = 0; i < count; ++i) out[i] = in[positions[i]];
      }
    };
    switch (forms_[k].kind) {
      case KeyKind::kInt:
      case KeyKind::kDouble: copy(uint64_t{}); break;
      case KeyKind::kInt128: copy(int128_t{}); break;
      case KeyKind::kString: {
        const StringRef* in = column.As<StringRef>();
        auto* out = reinterpret_cast<StringRef*>(columns_[k].data()) + rows_;
        for (int i = 0; i < count; ++i) out[i] = heap_->Add(in[all ? i : positions[i]]);
        break;
      }
    }
    if (column.nulls != nullptr && nulls_[k].data() == nullptr) {
      nulls_[k].Resize(std::max<int64_t>(capacity_, 1));
      std::memset(nulls_[k].data(), 0, rows_);
    }
    if (nulls_[k].data() != nullptr) {
      uint8_t* out = nulls_[k].data() + rows_;
      if (column.nulls == nullptr) {
        std::memset(out, 0, count);
      } else {
        for (int i = 0; i < count; ++i) out[i] = column.nulls[all ? i : positions[i]];
      }
    }
  }
  rows_ = needed;
  const auto heap = static_cast<int64_t>(heap_->bytes());
  const int64_t growth = heap - heap_charged_;
  heap_charged_ = heap;
  return growth > 0 ? charge_.Grow(growth) : absl::OkStatus();
}

absl::Status KeyStore::PrepareConcat(const std::vector<KeyStore*>& parts) {
  int64_t width = 0;
  for (KeyStore* part : parts) {
    rows_ += part->rows_;
    part_heaps_.push_back(part->heap_);
  }
  capacity_ = std::max<int64_t>(rows_, 1);
  for (const KeyForm& form : forms_) width += KeySize(form.kind);
  VESTO_RETURN_IF_ERROR(charge_.Grow(rows_ * width));
  for (size_t k = 0; k < forms_.size(); ++k) {
    columns_[k].Resize(capacity_ * KeySize(forms_[k].kind));
    for (KeyStore* part : parts) {
      if (part->nulls_[k].data() != nullptr) {
        nulls_[k].Resize(capacity_);
        break;
      }
    }
  }
  return absl::OkStatus();
}

void KeyStore::CopyPart(KeyStore& part, int64_t begin) {
  if (part.rows_ == 0) return;
  for (size_t k = 0; k < forms_.size(); ++k) {
    const int64_t size = KeySize(forms_[k].kind);
    std::memcpy(columns_[k].data() + begin * size, part.columns_[k].data(), part.rows_ * size);
    if (nulls_[k].data() == nullptr) continue;
    if (part.nulls_[k].data() != nullptr) {
      std::memcpy(nulls_[k].data() + begin, part.nulls_[k].data(), part.rows_);
    } else {
      std::memset(nulls_[k].data() + begin, 0, part.rows_);
    }
  }
  part.Free();
}

void KeyStore::Free() {
  for (GrowingBuffer& column : columns_) column.Resize(0);
  for (GrowingBuffer& nulls : nulls_) nulls.Resize(0);
  charge_.Clear();
}

// --- BuildPart ------------------------------------------------------------------------------------

BuildPart::BuildPart(const physical::HashBuildSpec& spec, std::vector<KeyForm> forms,
                     base::MemoryPool* memory)
    : keys(std::move(forms), memory), charge(memory) {
  if (!spec.keys_only) {
    payload = std::make_shared<RowStore>(static_cast<int>(spec.layout.size()), memory);
  }
}

// --- JoinTable ------------------------------------------------------------------------------------

JoinTable::JoinTable(const physical::HashBuildSpec& spec, QueryContext* query, int num_parts)
    : spec_(spec), query_(query), num_parts_(num_parts), parts_(num_parts), charge_(query->memory) {
  for (const expr::ExprPtr& key : spec.keys) forms_.push_back(KeyFormOf(key->type));
}

absl::Status JoinTable::Deliver(int part, std::unique_ptr<BuildPart> rows) {
  {
    base::MutexLock lock(mutex_);
    parts_[part] = std::move(rows);
    if (++delivered_ < num_parts_) return absl::OkStatus();
  }
  VESTO_RETURN_IF_ERROR(Plan());
  planned_.store(true, std::memory_order_release);
  if (query_->waker != nullptr) query_->waker->Wake();
  return absl::OkStatus();
}

absl::Status JoinTable::Plan() {
  int64_t min = INT64_MAX, max = INT64_MIN;
  std::vector<std::shared_ptr<RowStore>> payloads;
  std::vector<KeyStore*> keys;
  for (const auto& part : parts_) {
    part->first_row = static_cast<uint32_t>(rows_);
    rows_ += part->rows;
    table_rows_ += part->rows - static_cast<int64_t>(part->null_rows.size());
    for (const uint32_t row : part->null_rows) null_rows_.push_back(part->first_row + row);
    any_null_ = any_null_ || part->any_null;
    min = std::min(min, part->min);
    max = std::max(max, part->max);
    payloads.push_back(part->payload);
    keys.push_back(&part->keys);
  }
  if (rows_ >= kNoRow) {
    return SqlError(SqlState::kProgramLimitExceeded, "more than 4294967294 rows in one hash table");
  }
  if (!spec_.keys_only) {
    if (num_parts_ == 1) {
      payload_ = payloads[0];
    } else {
      payload_ = std::make_shared<RowStore>(static_cast<int>(spec_.layout.size()), query_->memory);
      VESTO_RETURN_IF_ERROR(payload_->PrepareConcat(payloads));
    }
  }
  if (spec_.tracks_matches && rows_ > 0) {
    VESTO_RETURN_IF_ERROR(charge_.Grow(rows_));
    matched_.Resize(rows_);
    std::memset(matched_.data(), 0, rows_);
  }
  const bool nulls_in_table = spec_.nulls_equal && any_null_;
  if (!single_int() || nulls_in_table) {
    if (num_parts_ > 1) {
      keys_ = std::make_unique<KeyStore>(forms_, query_->memory);
      VESTO_RETURN_IF_ERROR(keys_->PrepareConcat(keys));
    }
  } else if (table_rows_ > 0) {
    min_ = min;
    range_ = static_cast<uint64_t>(max) - static_cast<uint64_t>(min);
    const auto rows = static_cast<uint64_t>(table_rows_);
    const bool bitmap = spec_.keys_only;
    const uint64_t most = bitmap ? std::max<uint64_t>(rows * 64, 1 << 20)
                                 : std::max<uint64_t>(rows * 8, 1 << 16);
    if (range_ < most) {
      kind_ = bitmap ? Kind::kBitmap : Kind::kDense;
      const uint64_t words = range_ / 64 + 1;
      VESTO_RETURN_IF_ERROR(charge_.Grow(static_cast<int64_t>(words * 8)));
      bitmap_ = std::make_shared<std::vector<uint64_t>>(words);
      if (!bitmap) {
        VESTO_RETURN_IF_ERROR(charge_.Grow(static_cast<int64_t>((range_ + 1) * 4 + rows_ * 4)));
        heads_.Resize((range_ + 1) * sizeof(uint32_t));
        next_.Resize(rows_ * sizeof(uint32_t));
      }
      return absl::OkStatus();
    }
  }
  if (table_rows_ == 0) return absl::OkStatus();
  kind_ = Kind::kHashed;
  directory_bits_ = std::max(6, static_cast<int>(std::bit_width(static_cast<uint64_t>(table_rows_))));
  hash_shift_ = 64 - directory_bits_;
  const size_t entries = (size_t{1} << directory_bits_) + 1;
  const bool inline_keys = single_int() && !nulls_in_table;
  const size_t tuple = sizeof(uint32_t) + (inline_keys ? sizeof(int64_t) : sizeof(uint32_t));
  VESTO_RETURN_IF_ERROR(charge_.Grow(static_cast<int64_t>(entries * 8 + table_rows_ * tuple)));
  directory_.Resize(entries * sizeof(uint64_t));
  tuple_rows_.Resize(table_rows_ * sizeof(uint32_t));
  if (inline_keys) {
    tuple_keys_.Resize(table_rows_ * sizeof(int64_t));
  } else {
    tuple_hashes_.Resize(table_rows_ * sizeof(uint32_t));
  }
  return absl::OkStatus();
}

int JoinTable::PartitionOf(int64_t key) const {
  // By whole words of the bitmap, so that no two builders share one.
  const uint64_t word = (static_cast<uint64_t>(key) - static_cast<uint64_t>(min_)) >> 6;
  return static_cast<int>(word * num_parts_ / (range_ / 64 + 1));
}

int JoinTable::PartitionOfHash(uint64_t hash) const {
  return static_cast<int>(((hash >> hash_shift_) * num_parts_) >> directory_bits_);
}

absl::Status JoinTable::Place(int index) {
  BuildPart& part = *parts_[index];
  if (kind_ != Kind::kEmpty && (num_parts_ > 1 || !part.null_rows.empty())) {
    // Row numbers by partition; rows with a NULL key are in none.
    VESTO_RETURN_IF_ERROR(part.charge.Grow(part.rows * static_cast<int64_t>(sizeof(uint32_t))));
    std::vector<uint32_t> counts(num_parts_ + 1, 0);
    const bool by_key = kind_ != Kind::kHashed;
    const int64_t* keys = part.keys.data<int64_t>(0);
    size_t next_null = 0;
    std::vector<uint32_t> partitions(part.rows);
    for (int64_t r = 0; r < part.rows; ++r) {
      if (next_null < part.null_rows.size() && part.null_rows[next_null] == r) {
        ++next_null;
        partitions[r] = kNoRow;
        continue;
      }
      int p = 0;
      if (num_parts_ > 1) {
        p = by_key ? PartitionOf(keys[r])
                   : PartitionOfHash(part.hashes.empty()
                                         ? base::HashInt(static_cast<uint64_t>(keys[r]))
                                         : part.hashes[r]);
      }
      partitions[r] = static_cast<uint32_t>(p);
      ++counts[p + 1];
    }
    for (int p = 0; p < num_parts_; ++p) counts[p + 1] += counts[p];
    part.begins = counts;
    part.order.resize(counts[num_parts_]);
    for (int64_t r = 0; r < part.rows; ++r) {
      if (partitions[r] != kNoRow) part.order[counts[partitions[r]]++] = static_cast<uint32_t>(r);
    }
  } else {
    part.begins.assign(num_parts_ + 1, 0);
    if (kind_ != Kind::kEmpty) part.begins[1] = static_cast<uint32_t>(part.rows);
  }
  if (num_parts_ > 1) {
    if (payload_ != nullptr) payload_->CopyPart(index);
    if (keys_ != nullptr) keys_->CopyPart(part.keys, part.first_row);
  } else if (!single_int() || tuple_hashes_.data() != nullptr) {
    keys_ = std::make_unique<KeyStore>(std::move(part.keys));
  }
  base::MutexLock lock(mutex_);
  if (++done_placing_ == num_parts_) {
    placed_.store(true, std::memory_order_release);
    if (query_->waker != nullptr) query_->waker->Wake();
  }
  return absl::OkStatus();
}

void JoinTable::BuildDense(int partition) {
  // The keys of this partition: whole words of the bitmap.
  const uint64_t words = range_ / 64 + 1;
  const auto first_word = [&](uint64_t p) { return (p * words + num_parts_ - 1) / num_parts_; };
  const uint64_t begin = first_word(partition) * 64;
  const uint64_t end = std::min(first_word(partition + 1) * 64, range_ + 1);
  uint64_t* bits = bitmap_->data();
  auto* heads = reinterpret_cast<uint32_t*>(heads_.data());
  auto* next = reinterpret_cast<uint32_t*>(next_.data());
  if (heads != nullptr && end > begin) {
    std::memset(heads + begin, 0xff, (end - begin) * sizeof(uint32_t));
  }
  bool duplicates = false;
  // Backwards, so that chains are in the order of the rows.
  for (int p = num_parts_ - 1; p >= 0; --p) {
    const BuildPart& part = *parts_[p];
    const int64_t* keys = part.keys.data<int64_t>(0);
    for (uint32_t i = part.begins[partition + 1]; i-- > part.begins[partition];) {
      const uint32_t row = part.order.empty() ? i : part.order[i];
      const uint64_t at = static_cast<uint64_t>(keys[row]) - static_cast<uint64_t>(min_);
      bits[at >> 6] |= uint64_t{1} << (at & 63);
      if (heads == nullptr) continue;
      duplicates = duplicates || heads[at] != kNoRow;
      next[part.first_row + row] = heads[at];
      heads[at] = part.first_row + row;
    }
  }
  if (duplicates) duplicates_.store(true, std::memory_order_relaxed);
}

void JoinTable::BuildHashed(int partition) {
  const uint64_t slots = uint64_t{1} << directory_bits_;
  const auto first_slot = [&](uint64_t p) { return (p * slots + num_parts_ - 1) / num_parts_; };
  const uint64_t begin = first_slot(partition), end = first_slot(partition + 1);
  auto* directory = reinterpret_cast<uint64_t*>(directory_.data());
  auto* tuple_rows = reinterpret_cast<uint32_t*>(tuple_rows_.data());
  auto* tuple_keys = reinterpret_cast<int64_t*>(tuple_keys_.data());
  auto* tuple_hashes = reinterpret_cast<uint32_t*>(tuple_hashes_.data());
  // Tuples of the partitions before this one come first.
  uint64_t offset = 0;
  for (const auto& part : parts_) offset += part->begins[partition];
  if (partition == 0) directory[0] = 0;
  std::memset(directory + begin + 1, 0, (end - begin) * sizeof(uint64_t));
  const auto each = [&](auto&& visit) {
    for (const auto& part : parts_) {
      const int64_t* keys = tuple_keys != nullptr ? part->keys.data<int64_t>(0) : nullptr;
      for (uint32_t i = part->begins[partition]; i < part->begins[partition + 1]; ++i) {
        const uint32_t row = part->order.empty() ? i : part->order[i];
        const uint64_t hash = tuple_keys != nullptr
                                  ? base::HashInt(static_cast<uint64_t>(keys[row]))
                                  : part->hashes[row];
        visit(*part, row, hash);
      }
    }
  };
  // Count per slot and collect tags; then entries become the begin of their tuples, and placing the
  // tuples moves them to the end.
  each([&](const BuildPart&, uint32_t, uint64_t hash) {
    uint64_t& entry = directory[(hash >> hash_shift_) + 1];
    entry = (entry + (uint64_t{1} << 16)) | TagOf(hash);
  });
  for (uint64_t slot = begin; slot < end; ++slot) {
    const uint64_t entry = directory[slot + 1];
    directory[slot + 1] = offset << 16 | (entry & 0xffff);
    offset += entry >> 16;
  }
  each([&](const BuildPart& part, uint32_t row, uint64_t hash) {
    uint64_t& entry = directory[(hash >> hash_shift_) + 1];
    const uint64_t at = entry >> 16;
    entry += uint64_t{1} << 16;
    tuple_rows[at] = part.first_row + row;
    if (tuple_keys != nullptr) {
      tuple_keys[at] = part.keys.data<int64_t>(0)[row];
    } else {
      tuple_hashes[at] = TupleHash(hash);
    }
  });
}

absl::Status JoinTable::Build(int index) {
  if (query_->cancellation != nullptr) VESTO_RETURN_IF_ERROR(query_->cancellation->status());
  switch (kind_) {
    case Kind::kEmpty: break;
    case Kind::kBitmap:
    case Kind::kDense: BuildDense(index); break;
    case Kind::kHashed: BuildHashed(index); break;
  }
  if (built_.fetch_add(1, std::memory_order_acq_rel) + 1 == num_parts_) {
    // The last one: what the parts kept for building is not needed any more.
    for (auto& part : parts_) {
      part->payload.reset();
      part->keys.Free();
      part->hashes = {};
      part->order = {};
      part->charge.Clear();
    }
  }
  return absl::OkStatus();
}

void JoinTable::AppendIntKeys(std::vector<int64_t>* out) const {
  switch (kind_) {
    case Kind::kEmpty: return;
    case Kind::kBitmap:
    case Kind::kDense:
      for (size_t w = 0; w < bitmap_->size(); ++w) {
        for (uint64_t word = (*bitmap_)[w]; word != 0; word &= word - 1) {
          out->push_back(static_cast<int64_t>(static_cast<uint64_t>(min_) + w * 64 +
                                              std::countr_zero(word)));
        }
      }
      return;
    case Kind::kHashed:
      if (tuple_keys_.data() != nullptr) {
        out->insert(out->end(), tuple_keys(), tuple_keys() + table_rows_);
      } else {
        // NULLs are in the table: take the keys of the others.
        const int64_t* keys = keys_->data<int64_t>(0);
        for (int64_t r = 0; r < keys_->rows(); ++r) {
          if (keys_->nulls(0) == nullptr || keys_->nulls(0)[r] == 0) out->push_back(keys[r]);
        }
      }
      return;
  }
}

}  // namespace vesto::exec
