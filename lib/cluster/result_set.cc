#include "vesto/result_set.h"

#include <algorithm>

#include "types/text.h"
#include "types/type_rules.h"

namespace vesto {

ResultSet::ResultSet(std::vector<ResultColumn> columns, std::vector<Batch> batches,
                     std::string command_tag, int64_t affected_rows)
    : columns_(std::move(columns)),
      command_tag_(std::move(command_tag)),
      affected_rows_(affected_rows) {
  for (Batch& batch : batches) {
    if (batch.num_rows() == 0) continue;
    batch_begins_.push_back(num_rows_);
    num_rows_ += batch.num_rows();
    batches_.push_back(std::move(batch));
  }
}

ResultSet::Iterator& ResultSet::Iterator::operator++() {
  if (++row_ >= result_->batches_[batch_].num_rows()) {
    ++batch_;
    row_ = 0;
  }
  return *this;
}

Row ResultSet::row(int64_t row) const {
  if (row < 0 || row >= num_rows_) return Row(nullptr, 0);
  const auto after = std::upper_bound(batch_begins_.begin(), batch_begins_.end(), row);
  const size_t batch = static_cast<size_t>(after - batch_begins_.begin()) - 1;
  return Row(&batches_[batch], static_cast<int>(row - batch_begins_[batch]));
}

template <>
bool Row::Get<bool>(int column) const {
  return Has(column) && batch_->column(column).Int64(row_) != 0;
}
template <>
int16_t Row::Get<int16_t>(int column) const {
  return static_cast<int16_t>(Get<int64_t>(column));
}
template <>
int32_t Row::Get<int32_t>(int column) const {
  return static_cast<int32_t>(Get<int64_t>(column));
}
template <>
int64_t Row::Get<int64_t>(int column) const {
  return Has(column) ? batch_->column(column).Int64(row_) : 0;
}
template <>
double Row::Get<double>(int column) const {
  return Has(column) ? batch_->column(column).Float64(row_) : 0;
}
template <>
float Row::Get<float>(int column) const {
  return static_cast<float>(Get<double>(column));
}
template <>
std::string_view Row::Get<std::string_view>(int column) const {
  return Has(column) ? batch_->column(column).String(row_) : std::string_view();
}
template <>
Decimal Row::Get<Decimal>(int column) const {
  return Has(column) ? batch_->column(column).DecimalAt(row_) : Decimal();
}
template <>
Value Row::Get<Value>(int column) const {
  return Has(column) ? batch_->column(column).ValueAt(row_) : Value();
}
template <>
std::string Row::Get<std::string>(int column) const {
  if (IsNull(column)) return {};
  const ColumnView view = batch_->column(column);
  return types::ValueToText(view.ValueAt(row_), {});
}

}  // namespace vesto
