#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "base/memory_pool.h"
#include "column/batch.h"
#include "vesto/type.h"
#include "vesto/value.h"

namespace vesto::logical {

// Rows of constants, in the columns that the leader will send: what an INSERT of many VALUES is from
// the binder to exec, which share it. A bound expression per value would take ten times the room.
// Thread-safety: immutable once shared.
class ConstantRows {
 public:
  // What the rows take is charged to `memory`, which outlives them; null: to nobody.
  ConstantRows(std::vector<Type> types, size_t num_rows, base::MemoryPool* memory = nullptr)
      : types_(std::move(types)), num_rows_(num_rows), charge_(memory) {}

  // Rows are set in order, each value once; `value` has the column's type. 53200 when the charge is
  // refused.
  absl::Status Set(size_t row, size_t column, const Value& value);
  // More rows, which are columns already, behind those of full batches. 53200 likewise.
  absl::Status Append(column::Batch batch);
  // A further BOOLEAN column; all rows are there.
  void AddFlags(const std::vector<bool>& flags);

  size_t num_rows() const { return num_rows_; }
  size_t bytes() const { return static_cast<size_t>(charge_.bytes()); }  // as charged
  // All of kBatchRows rows but the last.
  const std::vector<column::Batch>& batches() const { return batches_; }
  Value At(size_t row, size_t column) const;
  // The same rows with the columns at `kept` alone; memory is shared, the charge stays here.
  ConstantRows Keep(const std::vector<size_t>& kept) const;

 private:
  std::vector<Type> types_;
  size_t num_rows_;
  base::MemoryCharge charge_;
  std::vector<column::Batch> batches_;
};

}  // namespace vesto::logical
