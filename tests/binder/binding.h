#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "binder/binder.h"
#include "catalog/catalog.h"
#include "logical/plan.h"
#include "sql/parser/parser.h"
#include "types/type_rules.h"

// A small catalog to bind against, and the plan of one statement as text.
namespace vesto::binder {

inline constexpr catalog::Oid kTableT = 100001, kTableU = 100002, kTableSales = 100003,
                              kTableIds = 100004, kViewV = 100010, kViewLate = 100011,
                              kViewLoop = 100012;

class CatalogSource : public source::TableSource {
 public:
  CatalogSource(std::string name, bool leader_only,
                std::vector<source::SourceColumn> columns)
      : name_(std::move(name)), leader_only_(leader_only), columns_(std::move(columns)) {}
  const std::string& schema() const override { return schema_; }
  const std::string& name() const override { return name_; }
  const std::vector<source::SourceColumn>& columns() const override { return columns_; }
  bool leader_only() const override { return leader_only_; }
  absl::StatusOr<std::unique_ptr<source::SourceReader>> OpenReader(
      const functions::EvalContext&) const override {
    return NotSupported("reading");
  }

 private:
  std::string schema_ = "pg_catalog", name_;
  bool leader_only_;
  std::vector<source::SourceColumn> columns_;
};

class CatalogSources : public source::SourceResolver {
 public:
  std::shared_ptr<const source::TableSource> FindSource(std::string_view schema,
                                                        std::string_view name) const override {
    if (schema != "pg_catalog") return nullptr;
    if (name == "pg_class") {
      return std::make_shared<CatalogSource>(
          "pg_class", true,
          std::vector<source::SourceColumn>{{"oid", {TypeId::kOid}}, {"relname", {TypeId::kName}}});
    }
    if (name == "stv_slices") {
      return std::make_shared<CatalogSource>(
          "stv_slices", false,
          std::vector<source::SourceColumn>{{"node", Type::Integer()}, {"slice", Type::Integer()}});
    }
    return nullptr;
  }
  std::string_view FindSourceQuery(std::string_view schema, std::string_view name) const override {
    if (schema == "pg_catalog" && name == "svv_names") {
      return "SELECT relname AS name FROM pg_class";
    }
    return "";
  }
};

// Tables: t(a int, b varchar(10), c decimal(12,2), d date, e timestamp, f double precision, g char(5))
//         u(a bigint, x int), sales(id int not null default 7, day date, qty smallint, note varchar(3))
//         ids(id bigint identity, v int). Views: v, late (late-binding), loop (over itself).
class Binding {
 public:
  Binding() : changes_(catalog_.NewChanges()) {
    auto schema = std::make_shared<catalog::SchemaEntry>();
    schema->oid = catalog::kPublicSchemaOid;
    schema->name = "public";
    changes_->PutSchema(schema);
    auto etl = std::make_shared<catalog::SchemaEntry>();
    etl->oid = 100000;
    etl->name = "etl";
    changes_->PutSchema(etl);
    Add(kTableT, "t", {{"a", Type::Integer()}, {"b", Type::Varchar(10)},
                       {"c", Type::Decimal(12, 2)}, {"d", Type::Date()},
                       {"e", Type::Timestamp()}, {"f", Type::Double()}, {"g", Type::Char(5)}});
    Add(kTableU, "u", {{"a", Type::Bigint()}, {"x", Type::Integer()}});
    auto sales = Make(kTableSales, "sales",
                      {{"id", Type::Integer()}, {"day", Type::Date()}, {"qty", Type::Smallint()},
                       {"note", Type::Varchar(3)}});
    sales->columns[0].not_null = true;
    sales->columns[0].default_text = "7";
    sales->design.dist_style = types::DistStyle::kKey;
    sales->design.dist_key = 0;
    sales->design.sort_style = types::SortStyle::kCompound;
    sales->design.sort_keys = {1};
    changes_->PutTable(sales);
    auto ids = Make(kTableIds, "ids", {{"id", Type::Bigint()}, {"v", Type::Integer()}});
    ids->columns[0].identity = true;
    changes_->PutTable(ids);
    AddView(kViewV, "v", "SELECT a AS k, count(*) AS n FROM t GROUP BY a", false);
    AddView(kViewLate, "late", "SELECT x FROM public.u", true);
    AddView(kViewLoop, "loop", "SELECT * FROM public.loop", true);
    snapshot_ = catalog_.Snapshot(changes_.get());
    registry_ = functions::BuiltinRegistry();
  }

  BindContext Context() const {
    BindContext context{.catalog = *snapshot_, .functions = *registry_, .eval = eval_};
    context.sources = &sources_;
    context.user = "ada";
    context.database = "dev";
    return context;
  }

  absl::StatusOr<BoundStatement> Bind(std::string_view text) {
    auto parsed = sql::Parse(text);
    if (!parsed.ok()) return parsed.status();
    statements_ = *std::move(parsed);
    if (statements_.size() != 1) return absl::InternalError("not one statement");
    return binder::Bind(statements_[0], Context());
  }

  // Adds the tables of some CREATE TABLE statements.
  absl::Status Create(std::string_view ddl) {
    auto parsed = sql::Parse(ddl);
    if (!parsed.ok()) return parsed.status();
    for (const sql::Statement& statement : *parsed) {
      const auto& create = std::get<sql::CreateTableStatement>(statement.node);
      std::vector<ColumnSpec> columns;
      for (const sql::ColumnDefinition& column : create.columns) {
        auto type = types::ResolveType(column.type.name, column.type.modifiers);
        if (!type.ok()) return type.status();
        columns.push_back({column.name, *type});
      }
      Add(next_table_++, create.table.back(), columns);
    }
    snapshot_ = catalog_.Snapshot(changes_.get());
    return absl::OkStatus();
  }

  // The plan, or "<sqlstate>@<offset> <message>".
  std::string Plan(std::string_view text) {
    auto bound = Bind(text);
    if (!bound.ok()) {
      std::string out(SqlStateCode(SqlStateOf(bound.status())));
      return out + "@" + std::to_string(OffsetOf(bound.status())) + " " +
             std::string(from_sv(bound.status().message()));
    }
    return bound->plan == nullptr ? "command" : "\n" + logical::DebugString(*bound->plan);
  }

 private:
  struct ColumnSpec {
    std::string name;
    Type type;
  };
  std::shared_ptr<catalog::TableEntry> Make(catalog::Oid oid, std::string name,
                                            const std::vector<ColumnSpec>& columns) {
    auto table = std::make_shared<catalog::TableEntry>();
    table->oid = oid;
    table->schema = catalog::kPublicSchemaOid;
    table->name = std::move(name);
    for (const ColumnSpec& column : columns) {
      catalog::ColumnEntry entry;
      entry.name = column.name;
      entry.type = column.type;
      table->columns.push_back(std::move(entry));
    }
    return table;
  }
  void Add(catalog::Oid oid, std::string name, const std::vector<ColumnSpec>& columns) {
    changes_->PutTable(Make(oid, std::move(name), columns));
  }
  void AddView(catalog::Oid oid, std::string name, std::string text, bool late) {
    auto view = std::make_shared<catalog::ViewEntry>();
    view->oid = oid;
    view->schema = catalog::kPublicSchemaOid;
    view->name = std::move(name);
    view->query_text = std::move(text);
    view->search_path = {"public"};
    view->late_binding = late;
    view->owner = 101;
    changes_->PutView(view);
  }

  catalog::Oid next_table_ = 200000;
  catalog::Catalog catalog_;
  std::unique_ptr<catalog::Changes> changes_;
  std::shared_ptr<const catalog::CatalogSnapshot> snapshot_;
  std::shared_ptr<const functions::Registry> registry_;
  functions::EvalContext eval_;
  CatalogSources sources_;
  std::vector<sql::Statement> statements_;
};

}  // namespace vesto::binder
