#include "sysview/system_views.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/string_map.h"
#include "column/batch.h"

namespace vesto::sysview {
namespace {

std::string KeyOf(std::string_view schema, std::string_view name) {
  return absl::StrCat(sv(schema), ".", sv(name));
}

// Brings a value to its column's type: view files write numbers without caring for their width.
Value Fit(const Value& value, const Type& type) {
  if (value.is_null()) return Value::Null(type);
  switch (type.id) {
    case TypeId::kVarchar:
    case TypeId::kChar: {
      std::string text = value.text();
      if (type.length > 0 && text.size() > static_cast<size_t>(type.length)) {
        text.resize(type.length);
      }
      return Value::OfText(type, std::move(text));
    }
    case TypeId::kDouble: return Value::OfDouble(type, value.floating());
    default: return Value::OfInteger(type, value.integer128());
  }
}

class ViewReader : public source::SourceReader {
 public:
  ViewReader(const std::vector<source::SourceColumn>& columns, std::vector<std::vector<Value>> rows)
      : columns_(columns), rows_(std::move(rows)) {}

  absl::StatusOr<bool> Next(column::Batch* batch) override {
    if (next_ >= rows_.size()) return false;
    const int count =
        static_cast<int>(std::min<size_t>(column::kBatchRows, rows_.size() - next_));
    batch->rows = count;
    batch->columns.clear();
    for (size_t c = 0; c < columns_.size(); ++c) {
      column::Vector vector = column::Vector::Flat(columns_[c].type);
      for (int i = 0; i < count; ++i) vector.SetValue(i, rows_[next_ + i][c]);
      batch->columns.push_back(std::move(vector));
    }
    next_ += count;
    return true;
  }

 private:
  const std::vector<source::SourceColumn>& columns_;
  const std::vector<std::vector<Value>> rows_;
  size_t next_ = 0;
};

class ViewSource : public source::TableSource {
 public:
  explicit ViewSource(const ViewDefinition& view) : view_(view) {}
  const std::string& schema() const override { return view_.schema; }
  const std::string& name() const override { return view_.name; }
  const std::vector<source::SourceColumn>& columns() const override { return view_.columns; }
  bool leader_only() const override { return view_.leader_only; }
  absl::StatusOr<std::unique_ptr<source::SourceReader>> OpenReader(
      const functions::EvalContext& context) const override {
    const auto* state = context.Handle<SystemState>();
    if (state == nullptr) return absl::InternalError("a system view without a cluster");
    Rows rows(view_.columns);
    view_.rows(*state, rows);
    return std::make_unique<ViewReader>(view_.columns, rows.rows());
  }

 private:
  const ViewDefinition& view_;
};

}  // namespace

struct SystemViews::Impl {
  StringMap<std::unique_ptr<ViewDefinition>> views;
};

SystemViews::SystemViews() : impl_(std::make_unique<Impl>()) { RegisterShelf(*this); }
SystemViews::~SystemViews() = default;

void SystemViews::Add(ViewDefinition view) {
  const std::string key = KeyOf(view.schema, view.name);
  impl_->views[key] = std::make_unique<ViewDefinition>(std::move(view));
}

std::shared_ptr<const source::TableSource> SystemViews::FindSource(std::string_view schema,
                                                                   std::string_view name) const {
  const auto it = impl_->views.find(KeyOf(schema, name));
  if (it == impl_->views.end() || !it->second->query.empty()) return nullptr;
  return std::make_shared<ViewSource>(*it->second);
}

std::string_view SystemViews::FindSourceQuery(std::string_view schema,
                                              std::string_view name) const {
  const auto it = impl_->views.find(KeyOf(schema, name));
  return it == impl_->views.end() ? std::string_view() : it->second->query;
}

std::vector<const ViewDefinition*> SystemViews::views() const {
  std::vector<const ViewDefinition*> result;
  for (const auto& [key, view] : impl_->views) result.push_back(view.get());
  std::sort(result.begin(), result.end(),
            [](const auto* a, const auto* b) { return a->name < b->name; });
  return result;
}

void Rows::Add(std::vector<Value> row) {
  VESTO_CHECK(row.size() == columns_.size());
  for (size_t i = 0; i < row.size(); ++i) row[i] = Fit(row[i], columns_[i].type);
  rows_.push_back(std::move(row));
}

std::string SystemState::UserName(int32_t id) const {
  for (const auto& entry : catalog->users()) {
    if (entry->id == id) return entry->name;
  }
  return absl::StrCat(id);
}

std::string SystemState::SchemaName(catalog::Oid oid) const {
  const catalog::SchemaPtr schema = catalog->FindSchema(oid);
  return schema == nullptr ? std::string() : schema->name;
}

std::vector<int> SystemState::SlicesOf(const catalog::TableEntry& table) const {
  std::vector<int> slices;
  const bool replicated = table.design.dist_style == types::DistStyle::kAll;
  for (int slice = 0; slice < topology.num_slices();
       slice += replicated ? topology.slices_per_node : 1) {
    slices.push_back(slice);
  }
  return slices;
}

std::shared_ptr<storage::TableShard> SystemState::ShardOf(const catalog::TableEntry& table,
                                                          int slice) const {
  if (table.design.dist_style == types::DistStyle::kAll) slice = 0;
  return shards->store(slice).Find(table.oid);
}

source::SourceColumn IntegerColumn(std::string name) { return {std::move(name), Type::Integer()}; }
source::SourceColumn BigintColumn(std::string name) { return {std::move(name), Type::Bigint()}; }
source::SourceColumn TextColumn(std::string name, int bytes) {
  return {std::move(name), Type::Varchar(bytes)};
}
source::SourceColumn BooleanColumn(std::string name) { return {std::move(name), Type::Boolean()}; }
source::SourceColumn TimestampColumn(std::string name) {
  return {std::move(name), Type::Timestamp()};
}
source::SourceColumn DecimalColumn(std::string name, int precision, int scale) {
  return {std::move(name), Type::Decimal(precision, scale)};
}
source::SourceColumn DoubleColumn(std::string name) { return {std::move(name), Type::Double()}; }

Value Number(int64_t value) { return Value::Bigint(value); }
Value Text(std::string value) { return Value::Varchar(std::move(value)); }
Value Flag(bool value) { return Value::Boolean(value); }
Value YesNo(bool value) { return Value::Varchar(value ? "t" : "f"); }
Value Time(int64_t micros) { return Value::Timestamp(micros); }
Value Ratio(double value, int scale) {
  return Value::Decimal(static_cast<Value::Int128>(std::llround(value * std::pow(10, scale))), 38,
                        scale);
}

std::string DistStyleText(const catalog::TableEntry& table) {
  switch (table.design.dist_style) {
    case types::DistStyle::kAuto: return "AUTO(EVEN)";
    case types::DistStyle::kEven: return "EVEN";
    case types::DistStyle::kAll: return "ALL";
    case types::DistStyle::kKey:
      return absl::StrCat("KEY(", table.columns[table.design.dist_key].name, ")");
  }
  return "";
}

}  // namespace vesto::sysview
