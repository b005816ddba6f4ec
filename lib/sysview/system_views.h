#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/catalog.h"
#include "functions/function.h"
#include "settings/settings.h"
#include "source/table_source.h"
#include "storage/shard_store.h"
#include "telemetry/telemetry.h"
#include "txn/lock_table.h"
#include "txn/transaction_manager.h"
#include "types/table_design.h"

// The system views: STL, STV, SVL, SVV, pg_catalog, information_schema. One file per view; a view is
// a function that yields rows, or SQL over other views. Source: redshift/system-views.md.
namespace vesto::sysview {

class SystemViews;
struct PgProc;
struct ViewDefinition;

// What the views read. The leader makes one per statement and hands it over as a typed handle of the
// EvalContext. Everything pointed to outlives the statement.
struct SystemState {
  std::shared_ptr<const catalog::CatalogSnapshot> catalog;
  const storage::ShardDirectory* shards = nullptr;
  const telemetry::Telemetry* telemetry = nullptr;
  const txn::LockTable* locks = nullptr;
  const txn::TransactionManager* transactions = nullptr;
  const functions::Registry* functions = nullptr;
  types::Topology topology;
  txn::Snapshot snapshot;  // of committed rows, for row counts
  int64_t now_micros = 0;  // when the statement began
  std::string database, user;
  int32_t user_id = 0;
  // Ordinary users see only their own queries; superusers and users with SYSLOG ACCESS UNRESTRICTED
  // see all.
  bool sees_all_queries = true;
  std::vector<std::string> search_path;
  catalog::Oid temporary_schema = 0;  // the session's pg_temp_n; 0 = none yet
  const SystemViews* views = nullptr;
  const settings::Settings* settings = nullptr;
  // The columns of a query as it binds now: late-binding views, system views that are SQL text.
  std::function<absl::StatusOr<std::vector<source::SourceColumn>>(
      std::string_view query, const std::vector<std::string>& search_path)>
      describe;

  // Whether the session sees the view at all.
  bool Has(const ViewDefinition& view) const;
  bool Sees(int32_t userid) const { return sees_all_queries || userid == user_id; }
  std::string UserName(int32_t id) const;
  std::string SchemaName(catalog::Oid oid) const;
  // The slices that hold rows of the table, as Redshift shows them: the one copy of a DISTSTYLE ALL
  // table stands for one on the first slice of every node.
  std::vector<int> SlicesOf(const catalog::TableEntry& table) const;
  // The shard behind one of those slices; may be null.
  std::shared_ptr<storage::TableShard> ShardOf(const catalog::TableEntry& table, int slice) const;
};

// Collects a view's rows.
class Rows {
 public:
  // `relation` is what every row has as its hidden tableoid, where the columns end with one.
  explicit Rows(const std::vector<source::SourceColumn>& columns, catalog::Oid relation = 0)
      : columns_(columns), relation_(relation) {}
  // One value per column but tableoid, of the column's type or NULL.
  void Add(std::vector<Value> row);
  std::vector<std::vector<Value>> Take() { return std::move(rows_); }

 private:
  const std::vector<source::SourceColumn>& columns_;
  const catalog::Oid relation_;
  std::vector<std::vector<Value>> rows_;
};

// Reads collected rows; `columns` outlives the reader.
std::unique_ptr<source::SourceReader> ReaderOf(const std::vector<source::SourceColumn>& columns,
                                               Rows rows);

struct ViewDefinition {
  std::string schema = "pg_catalog";
  std::string name;
  std::vector<source::SourceColumn> columns;
  bool leader_only = false;  // PG_*, information_schema, SVV_ALL_* and their like
  bool superuser_only = false;
  // For clients of later PostgreSQL: Redshift does not have it, nor does strict mode.
  bool friendly_only = false;
  std::function<void(const SystemState&, Rows&)> rows;
  std::string query;  // instead of `rows`: SQL over other views
  catalog::Oid oid = 0;  // set by SystemViews: PostgreSQL's where it has the relation
};

// All views of a cluster. Immutable after construction.
class SystemViews : public source::SourceResolver {
 public:
  SystemViews();
  ~SystemViews() override;
  void Add(ViewDefinition view);

  std::shared_ptr<const source::TableSource> FindSource(std::string_view schema,
                                                        std::string_view name) const override;
  std::string_view FindSourceQuery(std::string_view schema, std::string_view name) const override;
  bool NeedsSuperuser(std::string_view schema, std::string_view name) const override;
  std::shared_ptr<const source::TableSource> FindTableFunction(
      std::string_view name, const std::vector<Value>& arguments) const override;
  // The same without the friendly-only views: what strict mode asks.
  const source::SourceResolver& as_redshift() const;
  std::vector<const ViewDefinition*> views() const;  // sorted by schema and name
  const ViewDefinition* Find(std::string_view schema, std::string_view name) const;
  // The rows of PG_PROC, built when first asked for. A cluster has one registry.
  const std::vector<PgProc>& procs(const functions::Registry& registry) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Calls every Register_<folder>_<file> of the shelf (generated by CMake).
void RegisterShelf(SystemViews& views);

// Short spellings for the view files.
source::SourceColumn IntegerColumn(std::string name);
source::SourceColumn BigintColumn(std::string name);
source::SourceColumn TextColumn(std::string name, int bytes = 256);
source::SourceColumn BooleanColumn(std::string name);
source::SourceColumn TimestampColumn(std::string name);
source::SourceColumn DecimalColumn(std::string name, int precision, int scale);
source::SourceColumn DoubleColumn(std::string name);
source::SourceColumn OidColumn(std::string name);
source::SourceColumn NameColumn(std::string name);
source::SourceColumn LetterColumn(std::string name);  // "char"
source::SourceColumn SmallintColumn(std::string name);
source::SourceColumn TypedColumn(std::string name, Type type);
source::SourceColumn ArrayColumn(std::string name, TypeId element);
source::SourceColumn Hidden(source::SourceColumn column);
Value Number(int64_t value);  // fits any integer column
Value Text(std::string value);
Value Flag(bool value);       // BOOLEAN
Value YesNo(bool value);      // 't' or 'f' as text
Value Time(int64_t micros);
Value Ratio(double value, int scale);  // DECIMAL

// "EVEN", "KEY(c)", "ALL", "AUTO(EVEN)": SVV_TABLE_INFO.diststyle.
std::string DistStyleText(const catalog::TableEntry& table);

}  // namespace vesto::sysview
