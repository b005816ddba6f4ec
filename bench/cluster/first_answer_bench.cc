// How long until a test that needs a warehouse has its first answer: open a cluster in memory, create a
// table, insert 100 rows, ask one aggregate, close. The bound is 1 ms: such a test must not wait for
// its database. (DuckDB needs about 13 ms for the same, SQLite 0.15.)

#include <benchmark/benchmark.h>

#include <string>

#include "vesto/cluster.h"
#include "vesto/session.h"

namespace {

std::string InsertHundred() {
  std::string sql = "INSERT INTO t VALUES ";
  for (int i = 0; i < 100; ++i) {
    if (i > 0) sql += ", ";
    sql += "(" + std::to_string(i) + ", 'name " + std::to_string(i % 7) + "', " +
           std::to_string(i) + ".25)";
  }
  return sql;
}

void FirstAnswer(benchmark::State& state) {
  const std::string insert = InsertHundred();
  for (auto _ : state) {
    auto cluster = vesto::Cluster::Open({.compute_nodes = 1, .slices_per_node = 2});
    if (!cluster.ok()) return state.SkipWithError(cluster.status().ToString().c_str());
    auto session = (*cluster)->Connect();
    if (!session.ok()) return state.SkipWithError(session.status().ToString().c_str());
    for (const std::string& sql :
         {std::string("CREATE TABLE t (id INTEGER DISTKEY, name VARCHAR(20), x DECIMAL(8,2))"),
          insert}) {
      const auto result = session->Execute(sql);
      if (!result.ok()) return state.SkipWithError(result.status().ToString().c_str());
    }
    const auto answer = session->Execute("SELECT COUNT(*), SUM(x) FROM t");
    if (!answer.ok()) return state.SkipWithError(answer.status().ToString().c_str());
    if (answer->At(0, 0).integer() != 100) return state.SkipWithError("wrong answer");
  }
}
BENCHMARK(FirstAnswer)->Unit(benchmark::kMillisecond);

void OpenAndClose(benchmark::State& state) {
  for (auto _ : state) {
    auto cluster = vesto::Cluster::Open({.compute_nodes = 2, .slices_per_node = 2});
    if (!cluster.ok()) return state.SkipWithError(cluster.status().ToString().c_str());
  }
}
BENCHMARK(OpenAndClose)->Unit(benchmark::kMillisecond);

}  // namespace
