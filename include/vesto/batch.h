#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "vesto/type.h"
#include "vesto/value.h"

namespace vesto {

namespace column {
struct Batch;
class Vector;
}  // namespace column

// A read-only view of one column of a batch. Valid as long as its Batch.
// Thread-safety: immutable.
class ColumnView {
 public:
  const Type& type() const;
  int rows() const { return rows_; }
  bool IsNull(int row) const;

  // One value. The getter must suit the type (see Value); NULL gives 0, 0.0 or "".
  int64_t Int64(int row) const;       // BOOLEAN, integers, DATE, TIME*, TIMESTAMP*, intervals
  double Float64(int row) const;      // REAL, DOUBLE PRECISION, and any number converted
  Decimal DecimalAt(int row) const;   // DECIMAL and integers
  std::string_view String(int row) const;  // strings, VARBYTE, SUPER
  Value ValueAt(int row) const;

  // The values without a copy, where the engine holds them flat in this C++ type; else empty:
  // uint8_t (BOOLEAN), int16_t, int32_t (INTEGER, DATE), int64_t, float, double.
  template <typename T>
  std::span<const T> Flat() const;

 private:
  friend class Batch;
  ColumnView(const column::Vector* vector, int rows) : vector_(vector), rows_(rows) {}
  const column::Vector* vector_;
  int rows_;
};

// Up to 2,048 rows of a result, column by column. Owns (shares) the memory it shows: it may outlive
// the statement, the session and the cluster. Cheap to copy.
// Thread-safety: immutable.
class Batch {
 public:
  Batch() = default;
  explicit Batch(std::shared_ptr<const column::Batch> batch) : batch_(std::move(batch)) {}

  int num_rows() const;
  int num_columns() const;
  ColumnView column(int index) const;
  const column::Batch* internal() const { return batch_.get(); }

 private:
  std::shared_ptr<const column::Batch> batch_;
};

}  // namespace vesto
