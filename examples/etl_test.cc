// What Vesto is for: a test of an ETL job, against a warehouse of its own, in milliseconds. The job is
// ordinary Redshift SQL; the test knows nothing of tables on a server, credentials or cleaning up.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "vesto/cluster.h"
#include "vesto/session.h"

namespace {

// The job under test: folds today's changes into the dimension.
constexpr const char* kJob = R"(
  BEGIN;
  CREATE TEMP TABLE newest AS
    SELECT id, city, changed FROM staging_customers WHERE true
    QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY changed DESC) = 1;
  DELETE FROM customers USING newest WHERE customers.id = newest.id;
  INSERT INTO customers SELECT id, city, changed FROM newest;
  TRUNCATE staging_customers;
  COMMIT;
)";

int failures = 0;

void Check(bool ok, const char* what) {
  std::printf("%s: %s\n", ok ? "ok  " : "FAIL", what);
  failures += ok ? 0 : 1;
}

vesto::ResultSet Must(vesto::StatusOr<vesto::ResultSet> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(result);
}

}  // namespace

int main() {
  auto cluster = vesto::Cluster::Open({.compute_nodes = 2, .slices_per_node = 2});
  if (!cluster.ok()) return 1;
  auto session = (*cluster)->Connect();
  if (!session.ok()) return 1;

  Must(session->Execute(R"(
      CREATE TABLE customers (id INTEGER NOT NULL DISTKEY SORTKEY, city VARCHAR(40), changed DATE);
      CREATE TABLE staging_customers (LIKE customers);
      INSERT INTO customers VALUES (1, 'Turin', '2024-01-01'), (2, 'Genoa', '2024-01-01');
      INSERT INTO staging_customers VALUES
        (2, 'Milan', '2024-02-01'), (2, 'Rome', '2024-03-01'), (3, 'Bari', '2024-03-01'))"));

  Must(session->Execute(kJob));

  const auto rows = Must(session->Execute("SELECT id, city FROM customers ORDER BY id"));
  Check(rows.num_rows() == 3, "one row per customer");
  Check(rows.row(0).Get<std::string>(1) == "Turin", "who did not change stays");
  Check(rows.row(1).Get<std::string>(1) == "Rome", "the newest change wins");
  Check(rows.row(2).Get<std::string>(1) == "Bari", "new customers arrive");
  Check(Must(session->Execute("SELECT * FROM staging_customers")).num_rows() == 0,
        "staging is empty afterwards");
  const auto broken = session->Execute("SELECT 1 / 0");
  Check(broken.status().sqlstate() == "22012", "errors carry their SQLSTATE");
  return failures;
}
