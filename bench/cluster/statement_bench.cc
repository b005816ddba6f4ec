// What a small statement costs inside the process: the part of an endpoint's round trip that is not the
// network. A round trip over loopback costs about 15 us by itself, so these should stay below.

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "vesto/cluster.h"

namespace {

struct Warehouse {
  Warehouse() {
    cluster = *vesto::Cluster::Open({.slices_per_node = 2, .worker_threads = 2});
    session.emplace(*cluster->Connect());
    const auto loaded = session->Execute(R"(
        CREATE TABLE digits (d INT) DISTSTYLE ALL;
        INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
        CREATE TABLE items (id INT SORTKEY, name VARCHAR(40), amount DECIMAL(12,2));
        INSERT INTO items SELECT n + 1, 'item ' || n, n / 4.0 FROM
            (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
             FROM digits a, digits b, digits c, digits e, digits f))");
    if (!loaded.ok()) std::abort();
  }
  std::unique_ptr<vesto::Cluster> cluster;
  std::optional<vesto::Session> session;
};

void BM_SelectOne(benchmark::State& state) {
  Warehouse warehouse;
  for (auto _ : state) {
    if (warehouse.session->Execute("SELECT 1")->num_rows() != 1) std::abort();
  }
}
BENCHMARK(BM_SelectOne);

void BM_OneRowBySortKey(benchmark::State& state) {
  Warehouse warehouse;
  int key = 0;
  for (auto _ : state) {
    key = key % 100'000 + 1;
    const auto result = warehouse.session->Execute("SELECT id, name, amount FROM items WHERE id = " +
                                                   std::to_string(key));
    if (result->num_rows() != 1) std::abort();
  }
}
BENCHMARK(BM_OneRowBySortKey);

void BM_OneRowPrepared(benchmark::State& state) {
  Warehouse warehouse;
  auto prepared = warehouse.session->Prepare("SELECT id, name, amount FROM items WHERE id = $1");
  int key = 0;
  for (auto _ : state) {
    key = key % 100'000 + 1;
    if (prepared->Execute({vesto::Value::Integer(key)})->num_rows() != 1) std::abort();
  }
}
BENCHMARK(BM_OneRowPrepared);

}  // namespace
