#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "column/vector.h"

namespace vesto::exec {

// Group rows by a mixed-radix number of the key values, where few values are possible: dictionary
// codes, booleans, integers of a small range (performance.md §6). A cache in front of the hash table:
// when a dictionary or a range changes it is emptied, and nothing is lost.
// Thread-safety: one slice only.
class SlotCache {
 public:
  static constexpr int kMaxSlots = 4096;

  // False when these keys do not suit.
  bool Load(std::span<const column::Vector> keys, int rows);

  int num_slots() const { return num_slots_; }
  // Of the rows loaded last.
  const uint16_t* slots() const { return slots_.data(); }
  // The group's row of a slot; null until it is set.
  std::vector<uint8_t*>& rows() { return rows_; }

 private:
  struct Key {
    std::shared_ptr<const column::Dictionary> dictionary;
    int64_t base = 0;
    int size = 0;  // values, plus one for NULL
  };
  // The possible values of a key in this batch; false when they are too many.
  bool Measure(const column::Vector& vector, int rows, Key* key) const;

  std::vector<Key> keys_;
  int num_slots_ = 0;
  std::vector<uint16_t> slots_;
  std::vector<uint8_t*> rows_;
  int64_t batches_ = 0, changes_ = 0, failures_ = 0;
};

}  // namespace vesto::exec
