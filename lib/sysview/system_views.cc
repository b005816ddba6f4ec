#include "sysview/system_views.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/string_map.h"
#include "column/batch.h"
#include "sysview/pg_procs.h"
#include "sysview/table_functions.h"
#include "types/physical_type.h"

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
    case TypeId::kReal:
    case TypeId::kDouble: return Value::OfDouble(type, value.floating());
    default:
      if (types::DefaultPhysicalType(type) == types::PhysicalType::kString) {
        return Value::OfText(type, value.text());
      }
      return Value::OfInteger(type, value.integer128());
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

}  // namespace

std::unique_ptr<source::SourceReader> ReaderOf(const std::vector<source::SourceColumn>& columns,
                                               Rows rows) {
  return std::make_unique<ViewReader>(columns, rows.Take());
}

namespace {

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
    const bool has_tableoid = view_.columns.back().name == "tableoid";
    Rows rows(view_.columns, has_tableoid ? view_.oid : 0);
    view_.rows(*state, rows);
    return ReaderOf(view_.columns, std::move(rows));
  }

 private:
  const ViewDefinition& view_;
};

// Strict mode's view of the system views.
class RedshiftViews : public source::SourceResolver {
 public:
  explicit RedshiftViews(const SystemViews& all) : all_(all) {}

  std::shared_ptr<const source::TableSource> FindSource(std::string_view schema,
                                                        std::string_view name) const override {
    return Hides(schema, name) ? nullptr : all_.FindSource(schema, name);
  }
  std::string_view FindSourceQuery(std::string_view schema, std::string_view name) const override {
    return Hides(schema, name) ? std::string_view() : all_.FindSourceQuery(schema, name);
  }
  std::shared_ptr<const source::TableSource> FindTableFunction(
      std::string_view name, const std::vector<Value>& arguments) const override {
    return all_.FindTableFunction(name, arguments);
  }
  bool NeedsSuperuser(std::string_view schema, std::string_view name) const override {
    return all_.NeedsSuperuser(schema, name);
  }

 private:
  bool Hides(std::string_view schema, std::string_view name) const {
    const ViewDefinition* view = all_.Find(schema, name);
    return view != nullptr && view->friendly_only;
  }

  const SystemViews& all_;
};

}  // namespace

struct SystemViews::Impl {
  explicit Impl(const SystemViews& all) : as_redshift(std::make_unique<RedshiftViews>(all)) {}
  const std::unique_ptr<const source::SourceResolver> as_redshift;

  StringMap<std::unique_ptr<ViewDefinition>> views;
  std::vector<const ViewDefinition*> sorted;
  std::once_flag procs_once;
  std::vector<PgProc> procs;
};

namespace {

// PostgreSQL's oids of its own catalogs, which clients know by heart.
catalog::Oid PostgresOid(std::string_view name) {
  static constexpr std::pair<std::string_view, catalog::Oid> kOids[] = {
      {"pg_amop", 2602},
      {"pg_amproc", 2603},
      {"pg_attrdef", 2604},
      {"pg_attribute", 1249},
      {"pg_class", 1259},
      {"pg_constraint", 2606},
      {"pg_database", 1262},
      {"pg_depend", 2608},
      {"pg_description", 2609},
      {"pg_foreign_data_wrapper", 2328},
      {"pg_foreign_server", 1417},
      {"pg_foreign_table", 3118},
      {"pg_group", 1261},
      {"pg_index", 2610},
      {"pg_inherits", 2611},
      {"pg_language", 2612},
      {"pg_largeobject_metadata", 2995},
      {"pg_namespace", 2615},
      {"pg_proc", 1255},
      {"pg_rewrite", 2618},
      {"pg_shadow", 1260},
      {"pg_tablespace", 1213},
      {"pg_trigger", 2620},
      {"pg_ts_config", 3602},
      {"pg_ts_config_map", 3603},
      {"pg_ts_dict", 3600},
      {"pg_ts_parser", 3601},
      {"pg_ts_template", 3764},
      {"pg_type", 1247},
      {"pg_user_mapping", 1418}};
  for (const auto& [known, oid] : kOids) {
    if (known == name) return oid;
  }
  return 0;
}

}  // namespace

SystemViews::SystemViews() : impl_(std::make_unique<Impl>(*this)) {
  RegisterShelf(*this);
  // The others count up from where PostgreSQL's end; their oids change when a view is added.
  constexpr catalog::Oid kFirstViewOid = 10'000;
  catalog::Oid next = kFirstViewOid;
  for (const auto& [key, view] : impl_->views) impl_->sorted.push_back(view.get());
  std::sort(impl_->sorted.begin(), impl_->sorted.end(), [](const auto* a, const auto* b) {
    return std::tie(a->schema, a->name) < std::tie(b->schema, b->name);
  });
  for (const ViewDefinition* view : impl_->sorted) {
    const catalog::Oid known = PostgresOid(view->name);
    ViewDefinition& definition = *impl_->views[KeyOf(view->schema, view->name)];
    definition.oid = known != 0 ? known : next++;
    // PostgreSQL's catalogs say from which one a row is.
    const bool has_oid = !definition.columns.empty() && definition.columns[0].name == "oid";
    if (has_oid) definition.columns.push_back(Hidden(OidColumn("tableoid")));
  }
}
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

bool SystemViews::NeedsSuperuser(std::string_view schema, std::string_view name) const {
  const auto it = impl_->views.find(KeyOf(schema, name));
  return it != impl_->views.end() && it->second->superuser_only;
}

std::shared_ptr<const source::TableSource> SystemViews::FindTableFunction(
    std::string_view name, const std::vector<Value>& arguments) const {
  const TableFunction* function = FindCatalogFunction(name, arguments.size());
  if (function == nullptr) return nullptr;
  return std::make_shared<TableFunctionSource>(*function, arguments);
}

const ViewDefinition* SystemViews::Find(std::string_view schema, std::string_view name) const {
  const auto it = impl_->views.find(KeyOf(schema, name));
  return it == impl_->views.end() ? nullptr : it->second.get();
}

const std::vector<PgProc>& SystemViews::procs(const functions::Registry& registry) const {
  std::call_once(impl_->procs_once, [&] { impl_->procs = BuildPgProcs(registry); });
  return impl_->procs;
}

const source::SourceResolver& SystemViews::as_redshift() const {
  return *impl_->as_redshift;
}

std::vector<const ViewDefinition*> SystemViews::views() const { return impl_->sorted; }

void Rows::Add(std::vector<Value> row) {
  if (relation_ != 0) row.push_back(Number(relation_));
  VESTO_CHECK(row.size() == columns_.size());
  for (size_t i = 0; i < row.size(); ++i) row[i] = Fit(row[i], columns_[i].type);
  rows_.push_back(std::move(row));
}

bool SystemState::Has(const ViewDefinition& view) const {
  return !view.friendly_only || settings->get().vesto_compat != "strict";
}

std::string SystemState::UserName(int32_t id) const {
  for (const auto& entry : catalog->users()) {
    if (entry->id == id) return entry->name;
  }
  return absl::StrCat(id);
}

std::string SystemState::SchemaName(catalog::Oid oid) const {
  if (oid == catalog::kPgCatalogSchemaOid) return "pg_catalog";
  if (oid == catalog::kInformationSchemaOid) return "information_schema";
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
source::SourceColumn OidColumn(std::string name) { return {std::move(name), Type{TypeId::kOid}}; }
source::SourceColumn NameColumn(std::string name) {
  return {std::move(name), Type{TypeId::kName}};
}
source::SourceColumn LetterColumn(std::string name) {
  return {std::move(name), Type{TypeId::kInternalChar}};
}
source::SourceColumn SmallintColumn(std::string name) {
  return {std::move(name), Type::Smallint()};
}
source::SourceColumn TypedColumn(std::string name, Type type) { return {std::move(name), type}; }
source::SourceColumn ArrayColumn(std::string name, TypeId element) {
  return {std::move(name), Type::Array(element)};
}
source::SourceColumn Hidden(source::SourceColumn column) {
  column.hidden = true;
  return column;
}

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
