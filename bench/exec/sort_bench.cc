// Sort of 1 M rows of one BIGINT key and one payload column on one slice, whole and top-n.
// Bounds: eight radix passes over 16-byte entries, about 2 ns a row and pass, then a random gather;
// top-n of random input reads the keys once, about 1 ns a row.

#include "exec/steps/sort.h"

#include "bench_query.h"

namespace vesto::exec {
namespace {

// Arguments: range of the keys, limit (-1: all).
void Sort(benchmark::State& state) {
  const int64_t rows = 1'000'000;
  const auto input = BatchesOf({Uniform(rows, state.range(0), 1, 3), Uniform(rows, 1000, 1, 5)});
  const std::vector<logical::OutputColumn> output = {BigintColumn(1), BigintColumn(2)};
  for (auto _ : state) {
    BenchQuery query;
    physical::SortSpec spec;
    spec.state = 0;
    spec.keys.push_back({ColumnRef(1), false, false});
    spec.limit = state.range(1);
    const physical::Step step{std::move(spec), output, -1};
    query.RunSink(step, {1, 2}, 0, input);
    const physical::Step scan{physical::SortedScanSpec{0}, output, -1};
    auto source = MakeStep(scan, {}, nullptr, query.context()).value();
    benchmark::DoNotOptimize(BenchQuery::Drain(*source));
    source.reset();
    query.query.states.clear();
  }
  state.SetItemsProcessed(state.iterations() * rows);
}
BENCHMARK(Sort)
    ->Args({1000, -1})
    ->Args({int64_t{1} << 62, -1})
    ->Args({int64_t{1} << 62, 10})
    ->Args({int64_t{1} << 62, 10'000})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vesto::exec
