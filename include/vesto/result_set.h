#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/batch.h"
#include "vesto/status.h"
#include "vesto/type.h"
#include "vesto/value.h"

namespace vesto {

struct ResultColumn {
  std::string name;
  Type type;
  // The table column that is shown unchanged: the table's oid and the column's number from 1; 0 and
  // 0 for what is computed.
  uint32_t table = 0;
  int table_column = 0;
};

// One row of a ResultSet. Valid as long as the ResultSet.
class Row {
 public:
  int size() const { return batch_ != nullptr ? batch_->num_columns() : 0; }
  // Also of what is not there: a column or a row beyond the last.
  bool IsNull(int column) const { return !Has(column) || batch_->column(column).IsNull(row_); }
  // T: bool, int16_t, int32_t, int64_t, float, double, std::string_view, std::string, Decimal, Value.
  // Numbers are converted, and cut to T; NULL, what is not there, and a value of another kind (a string
  // asked for as a number) give T(). std::string is the value's text, of any type.
  template <typename T>
  T Get(int column) const;

 private:
  friend class ResultSet;
  Row(const Batch* batch, int row) : batch_(batch), row_(row) {}
  bool Has(int column) const { return column >= 0 && column < size(); }
  const Batch* batch_;  // null: there is no such row
  int row_;
};

template <> bool Row::Get<bool>(int column) const;
template <> int16_t Row::Get<int16_t>(int column) const;
template <> int32_t Row::Get<int32_t>(int column) const;
template <> int64_t Row::Get<int64_t>(int column) const;
template <> float Row::Get<float>(int column) const;
template <> double Row::Get<double>(int column) const;
template <> std::string_view Row::Get<std::string_view>(int column) const;
template <> std::string Row::Get<std::string>(int column) const;
template <> Decimal Row::Get<Decimal>(int column) const;
template <> Value Row::Get<Value>(int column) const;

// The whole result of a statement: by row, by column, or by batch.
// Thread-safety: immutable.
class ResultSet {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using pointer = const Row*;
    using reference = Row;
    Iterator(const ResultSet* result, size_t batch, int row)
        : result_(result), batch_(batch), row_(row) {}
    Row operator*() const { return Row(&result_->batches_[batch_], row_); }
    Iterator& operator++();
    bool operator==(const Iterator& other) const {
      return batch_ == other.batch_ && row_ == other.row_;
    }

   private:
    const ResultSet* result_;
    size_t batch_;
    int row_;
  };

  ResultSet() = default;
  ResultSet(std::vector<ResultColumn> columns, std::vector<Batch> batches, std::string command_tag,
            int64_t affected_rows);

  const std::vector<ResultColumn>& columns() const { return columns_; }
  int num_columns() const { return static_cast<int>(columns_.size()); }
  int64_t num_rows() const { return num_rows_; }
  const std::vector<Batch>& batches() const { return batches_; }
  // "SELECT", "INSERT 0 3", "CREATE TABLE", ... as PostgreSQL tags commands.
  const std::string& command_tag() const { return command_tag_; }
  // Rows that INSERT, UPDATE, DELETE, MERGE, COPY or UNLOAD changed; 0 for others.
  int64_t affected_rows() const { return affected_rows_; }

  Iterator begin() const { return Iterator(this, 0, 0); }
  Iterator end() const { return Iterator(this, batches_.size(), 0); }
  // Row `row`, from 0, in time logarithmic in the number of batches; one without columns beyond the
  // last.
  Row row(int64_t row) const;
  // The value at (row, column).
  Value At(int64_t row, int column) const { return this->row(row).Get<Value>(column); }

 private:
  std::vector<ResultColumn> columns_;
  std::vector<Batch> batches_;        // none is empty
  std::vector<int64_t> batch_begins_; // row number of each batch's first row
  std::string command_tag_;
  int64_t affected_rows_ = 0;
  int64_t num_rows_ = 0;
};

}  // namespace vesto
