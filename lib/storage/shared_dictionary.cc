#include "storage/shared_dictionary.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/hash.h"

namespace vesto::storage {
namespace {

bool EndsWithBlank(column::StringRef text) {
  return !text.empty() && text.data()[text.size() - 1] == ' ';
}

// Where a string is looked for among the ones seen lately: of its length and its first and last
// bytes, which cost far less to read than a hash of all.
constexpr int kRecentBits = 8;
size_t RecentSlot(column::StringRef text) {
  uint64_t tail = text.tail();
  if (!text.is_inline()) std::memcpy(&tail, text.data() + text.size() - sizeof(tail), sizeof(tail));
  return (text.head() ^ tail * 0x9e3779b97f4a7c15ULL) * 0x9e3779b97f4a7c15ULL >> (64 - kRecentBits);
}

}  // namespace

// Entries point into the builder's heap, whose strings never move; the pin keeps it alive.
struct SharedDictionary::Published : column::Dictionary {
  std::shared_ptr<column::StringHeap> strings;
};

SharedDictionary::SharedDictionary(bool case_insensitive)
    : heap_(std::make_shared<column::StringHeap>()), distinct_(!case_insensitive) {}

void SharedDictionary::Grow() {
  const size_t size = std::max<size_t>(slots_.size() * 2, 256);
  slots_.assign(size, 0);
  for (size_t code = 0; code < entries_.size(); ++code) {
    size_t slot = hashes_[code] & (size - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (size - 1);
    slots_[slot] = static_cast<uint32_t>(code + 1);
  }
}

int SharedDictionary::FindOrAdd(column::StringRef text, uint64_t hash, int limit, bool* added) {
  *added = false;
  const size_t mask = slots_.size() - 1;
  size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    const uint32_t code = slots_[slot] - 1;
    if (hashes_[code] == hash && entries_[code] == text) return static_cast<int>(code);
    slot = (slot + 1) & mask;
  }
  if (static_cast<int>(entries_.size()) >= limit) return -1;
  const int code = static_cast<int>(entries_.size());
  entries_.push_back(heap_->Add(text));
  hashes_.push_back(hash);
  slots_[slot] = static_cast<uint32_t>(code + 1);
  if (EndsWithBlank(text)) distinct_ = false;
  *added = true;
  if (entries_.size() * 2 > slots_.size()) Grow();
  return code;
}

bool SharedDictionary::Encode(std::span<const column::StringRef> strings, const uint8_t* nulls,
                              int max_new, uint16_t* codes, std::vector<uint64_t>* new_hashes) {
  base::MutexLock lock(mutex_);
  if (slots_.empty()) Grow();
  const size_t before = entries_.size();
  const bool distinct_before = distinct_;
  const int limit =
      static_cast<int>(std::min<int64_t>(kMaxEntries, static_cast<int64_t>(before) + max_new));
  // Columns worth a dictionary mostly repeat few strings.
  std::array<int32_t, 1 << kRecentBits> recent;
  recent.fill(-1);
  for (size_t i = 0; i < strings.size(); ++i) {
    if (nulls != nullptr && nulls[i] != 0) {
      codes[i] = 0;
      continue;
    }
    int32_t& recent_code = recent[RecentSlot(strings[i])];
    if (recent_code >= 0 && entries_[recent_code] == strings[i]) {
      codes[i] = static_cast<uint16_t>(recent_code);
      continue;
    }
    bool added = false;
    const int code = FindOrAdd(strings[i], base::HashString(strings[i].view()), limit, &added);
    if (code < 0) {
      // Too many new entries: forget them. Their bytes stay in the heap until the dictionary goes.
      entries_.resize(before);
      hashes_.resize(before);
      distinct_ = distinct_before;
      slots_.assign(slots_.size(), 0);
      const size_t mask = slots_.size() - 1;
      for (size_t c = 0; c < entries_.size(); ++c) {
        size_t slot = hashes_[c] & mask;
        while (slots_[slot] != 0) slot = (slot + 1) & mask;
        slots_[slot] = static_cast<uint32_t>(c + 1);
      }
      return false;
    }
    codes[i] = static_cast<uint16_t>(code);
    recent_code = code;
  }
  if (new_hashes != nullptr) {
    for (size_t c = before; c < entries_.size(); ++c) {
      std::string_view text = entries_[c].view();
      if (!EndsWithBlank(entries_[c])) {
        new_hashes->push_back(hashes_[c]);
        continue;
      }
      while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
      new_hashes->push_back(base::HashString(text));
    }
  }
  return true;
}

std::shared_ptr<const column::Dictionary> SharedDictionary::Snapshot() {
  base::MutexLock lock(mutex_);
  if (published_ == nullptr || published_->entries.size() != entries_.size()) {
    auto dictionary = std::make_shared<Published>();
    dictionary->entries = entries_;
    dictionary->distinct = distinct_;
    dictionary->strings = heap_;
    published_ = std::move(dictionary);
  }
  return published_;
}

int SharedDictionary::size() const {
  base::MutexLock lock(mutex_);
  return static_cast<int>(entries_.size());
}

int64_t SharedDictionary::bytes() const {
  base::MutexLock lock(mutex_);
  return static_cast<int64_t>(entries_.size() * (sizeof(column::StringRef) + 12) + heap_->bytes());
}

}  // namespace vesto::storage
