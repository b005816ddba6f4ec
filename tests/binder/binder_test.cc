#include <algorithm>
#include <string>

#include "binder/binding.h"
#include "support/status.h"

// What a bound statement says besides its plan.
namespace vesto::binder {

namespace {

std::string Privileges(const BoundStatement& bound) {
  std::string out;
  for (const RequiredPrivilege& required : bound.privileges) {
    if (required.target != RequiredPrivilege::Target::kRelation) continue;
    out += required.privilege + " " + required.object_name + "(";
    for (size_t i = 0; i < required.columns.size(); ++i) {
      out += (i == 0 ? "" : ",") + required.columns[i];
    }
    out += ")";
    if (required.as_user >= 0) out += " as " + std::to_string(required.as_user);
    out += "; ";
  }
  return out;
}

}  // namespace

TEST_CASE("a statement lists the privileges it needs, column by column", "[binder]") {
  Binding binding;
  auto bound = binding.Bind("SELECT a, c FROM t WHERE d IS NULL");
  REQUIRE_OK(bound);
  CHECK(Privileges(*bound) == "select t(d,a,c); ");
  bound = binding.Bind("SELECT count(*) FROM t");
  REQUIRE_OK(bound);
  CHECK(Privileges(*bound) == "select t(); ");
  bound = binding.Bind("UPDATE sales SET qty = x FROM u WHERE a = id");
  REQUIRE_OK(bound);
  CHECK(Privileges(*bound) == "update sales(qty); select sales(id); select u(a,x); ");
  bound = binding.Bind("DELETE FROM sales");
  REQUIRE_OK(bound);
  CHECK(Privileges(*bound) == "delete sales(); ");
  bound = binding.Bind("INSERT INTO sales (id, day) SELECT a, d FROM t");
  REQUIRE_OK(bound);
  CHECK(Privileges(*bound) == "insert sales(id,day); select t(a,d); ");
}

TEST_CASE("a view reads its tables as its owner", "[binder]") {
  Binding binding;
  auto bound = binding.Bind("SELECT n FROM v");
  REQUIRE_OK(bound);
  CHECK(Privileges(*bound) == "select v(n); select t(a) as 101; ");
  REQUIRE(bound->relations.size() == 2);
  CHECK(bound->relations[0].oid == kViewV);
  CHECK(bound->relations[0].is_view);
  CHECK(bound->relations[1].oid == kTableT);
  CHECK_FALSE(bound->relations[1].direct);
}

TEST_CASE("a written relation is noted as such", "[binder]") {
  Binding binding;
  auto bound = binding.Bind("INSERT INTO sales SELECT * FROM sales");
  REQUIRE_OK(bound);
  REQUIRE(bound->relations.size() == 1);
  CHECK(bound->relations[0].use == RelationUse::kWrite);
  CHECK(bound->kind == StatementKind::kInsert);
}

TEST_CASE("results carry names, types and the columns they show", "[binder]") {
  Binding binding;
  auto bound = binding.Bind(
      "SELECT a, a + 1, c * 2, count(*) OVER (), CAST(a AS bigint), nvl(a, 1), 'x', current_date "
      "FROM t");
  REQUIRE_OK(bound);
  std::string names;
  for (const ResultColumn& column : bound->columns) {
    names += column.name + " " + column.type.ToString() + "; ";
  }
  CHECK(names ==
        "a integer; ?column? integer; ?column? numeric(23,2); count bigint; a bigint; "
        "coalesce integer; ?column? character varying(1); date date; ");
  CHECK(bound->columns[0].table == kTableT);
  CHECK(bound->columns[0].table_column == 0);
  CHECK(bound->columns[1].table == 0);
}

TEST_CASE("parameters take the types of their surroundings", "[binder]") {
  Binding binding;
  auto bound = binding.Bind(
      "SELECT $1 + a, $4 FROM t WHERE c < $2 AND b = $3 AND d IN ($5, $6) LIMIT $7");
  REQUIRE_OK(bound);
  std::string types;
  for (const Type& type : bound->parameter_types) types += type.ToString() + "; ";
  CHECK(types ==
        "integer; numeric(12,2); character varying(65535); character varying(65535); date; date; "
        "bigint; ");
}

TEST_CASE("where a statement runs follows from its relations", "[binder]") {
  Binding binding;
  auto bound = binding.Bind("SELECT 1");
  REQUIRE_OK(bound);
  CHECK(bound->leader_only);
  bound = binding.Bind("SELECT now(), relname FROM pg_class");
  REQUIRE_OK(bound);
  CHECK(bound->leader_only);
  CHECK(bound->touches_sources);
  CHECK(bound->has_stable_functions);
  bound = binding.Bind("SELECT a FROM t");
  REQUIRE_OK(bound);
  CHECK_FALSE(bound->leader_only);
  CHECK(bound->touches_user_tables);
}

TEST_CASE("COPY options become typed data", "[binder]") {
  Binding binding;
  auto bound = binding.Bind(
      "COPY sales (day, qty) FROM 's3://b/p' CREDENTIALS "
      "'aws_access_key_id=k;aws_secret_access_key=s' CSV QUOTE '%' GZIP IGNOREHEADER 2 MAXERROR 5 "
      "NULL AS 'nil' DATEFORMAT 'MM/DD/YYYY' TIMEFORMAT 'epochsecs' ACCEPTINVCHARS '^' "
      "COMPUPDATE OFF STATUPDATE ON EMPTYASNULL BLANKSASNULL TRUNCATECOLUMNS");
  REQUIRE_OK(bound);
  const auto& copy = bound->plan->As<logical::Copy>();
  const logical::CopySpec& spec = *copy.spec;
  CHECK(spec.format == logical::FileFormat::kCsv);
  CHECK(spec.delimiter == ',');
  CHECK(spec.quote == '%');
  CHECK(spec.compression == logical::FileCompression::kGzip);
  CHECK(spec.ignore_header == 2);
  CHECK(spec.max_error == 5);
  CHECK(spec.null_as == "nil");
  CHECK(spec.date_format.pattern == "MM/DD/YYYY");
  CHECK(spec.time_format.kind == logical::DateTimeFormat::Kind::kEpochSeconds);
  CHECK(spec.invalid_char_replacement == '^');
  CHECK(spec.comp_update == logical::CompUpdate::kOff);
  CHECK(spec.stat_update == logical::StatUpdate::kOn);
  CHECK((spec.empty_as_null && spec.blanks_as_null && spec.truncate_columns));
  CHECK(spec.credentials.access_key_id == "k");
  CHECK(spec.columns == std::vector<int>{1, 2});
  REQUIRE(copy.defaults.size() == 4);
  CHECK(copy.defaults[0]->ToString() == "7");
  CHECK(copy.defaults[1] == nullptr);
  CHECK(copy.defaults[3]->constant.is_null());
}

TEST_CASE("CREATE TABLE AS inherits the design of a plain scan", "[binder]") {
  Binding binding;
  auto bound = binding.Bind("CREATE TABLE n AS SELECT day, id FROM sales WHERE qty > 1");
  REQUIRE_OK(bound);
  REQUIRE(bound->create_table.has_value());
  const types::TableDesign& inherited = bound->create_table->entry->design;
  CHECK(inherited.dist_style == types::DistStyle::kKey);
  CHECK(inherited.dist_key == 1);
  CHECK(inherited.sort_keys == std::vector<int>{0});

  bound = binding.Bind("CREATE TABLE n AS SELECT id, count(*) AS n FROM sales GROUP BY id");
  REQUIRE_OK(bound);
  CHECK(bound->create_table->entry->design.dist_style == types::DistStyle::kEven);

  bound = binding.Bind("CREATE TABLE n (x, y) DISTKEY(1) SORTKEY(y) AS SELECT id, day FROM sales");
  REQUIRE_OK(bound);
  const catalog::TableEntry& entry = *bound->create_table->entry;
  CHECK(entry.columns[1].name == "y");
  CHECK(entry.design.dist_key == 0);
  CHECK(entry.design.sort_keys == std::vector<int>{1});
  auto table = std::make_shared<catalog::TableEntry>(entry);
  InsertIntoCreatedTable(table, &*bound);
  CHECK(bound->plan->As<logical::Insert>().input.size() == 2);
}

TEST_CASE("long statements take linear time, deep ones fail politely", "[binder]") {
  Binding binding;
  std::string rows = "INSERT INTO u VALUES (1, 2)";
  for (int i = 0; i < 20000; ++i) rows += ", (3, 4)";
  auto bound = binding.Bind(rows);
  REQUIRE_OK(bound);
  CHECK(bound->plan->children[0]->As<logical::Values>().num_rows() == 20001);

  std::string sum = "SELECT b";
  for (int i = 0; i < 50000; ++i) sum += " || b";
  CHECK_SQL_ERROR(binding.Bind(sum + " FROM t"), SqlState::kStatementTooComplex);

  std::string doubling = "SELECT a AS a0";
  for (int i = 0; i < 60; ++i) {
    doubling += ", a" + std::to_string(i) + " + a" + std::to_string(i) + " AS a" +
                std::to_string(i + 1);
  }
  CHECK_SQL_ERROR(binding.Bind(doubling + " FROM t"), SqlState::kStatementTooComplex);
}

}  // namespace vesto::binder
