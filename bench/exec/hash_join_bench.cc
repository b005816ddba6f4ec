// Build and probe of hash joins on one slice. Uniform keys, one payload column.
// Bounds (performance.md §7, one thread): a dense probe 0.7 / 2.4 / 6.2 ns a row at 0.1 / 1.5 / 15 M
// build rows, a hashed one 7 / 11 / 22; gathering the payload costs one more miss.

#include "exec/steps/hash_join.h"

#include <numeric>

#include "bench_query.h"

namespace vesto::exec {
namespace {

physical::Step BuildStep(bool keys_only) {
  physical::HashBuildSpec spec;
  spec.state = 0;
  spec.keys.push_back(ColumnRef(1));
  spec.layout = {1, 2};
  spec.keys_only = keys_only;
  return {std::move(spec), {BigintColumn(1), BigintColumn(2)}, -1};
}

std::vector<column::Batch> BuildInput(int64_t rows, int64_t factor) {
  std::vector<int64_t> keys(rows), payload(rows);
  std::iota(keys.begin(), keys.end(), 0);
  std::shuffle(keys.begin(), keys.end(), std::mt19937_64(7));
  for (int64_t i = 0; i < rows; ++i) {
    payload[i] = i;
    keys[i] *= factor;
  }
  return BatchesOf({keys, payload});
}

// Arguments: build rows, distance of neighbouring keys (1: dense, 1000: hashed).
void Build(benchmark::State& state) {
  const auto input = BuildInput(state.range(0), state.range(1));
  const physical::Step step = BuildStep(false);
  for (auto _ : state) {
    BenchQuery query;
    query.RunSink(step, {1, 2}, 0, input);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Build)->ArgsProduct({{100'000, 1'500'000}, {1, 1000}})->Unit(benchmark::kMillisecond);

void Probe(benchmark::State& state, logical::JoinType type) {
  const int64_t build_rows = state.range(0), factor = state.range(1), probe_rows = 2'000'000;
  const bool keeps_build = type == logical::JoinType::kInner;
  BenchQuery query;
  query.RunSink(BuildStep(!keeps_build), {1, 2}, 0, BuildInput(build_rows, factor));
  // Half of the probe rows find a partner.
  const auto input = BatchesOf({Uniform(probe_rows, 2 * build_rows, factor, 11)});
  physical::HashJoinSpec spec;
  spec.state = 0;
  spec.type = type;
  spec.probe_keys.push_back(ColumnRef(3));
  spec.build_layout = {1, 2};
  if (keeps_build) spec.build_output = {2};
  std::vector<logical::OutputColumn> output = {BigintColumn(3)};
  if (keeps_build) output.push_back(BigintColumn(2));
  const physical::Step step{std::move(spec), output, -1};
  for (auto _ : state) {
    auto join = MakeStep(step, {3}, std::make_unique<MemoryInput>(&input), query.context()).value();
    benchmark::DoNotOptimize(BenchQuery::Drain(*join));
  }
  state.SetItemsProcessed(state.iterations() * probe_rows);
}
void ProbeInner(benchmark::State& state) { Probe(state, logical::JoinType::kInner); }
void ProbeSemi(benchmark::State& state) { Probe(state, logical::JoinType::kSemi); }
BENCHMARK(ProbeInner)->ArgsProduct({{100'000, 1'500'000}, {1, 1000}})->Unit(benchmark::kMillisecond);
BENCHMARK(ProbeSemi)->ArgsProduct({{100'000, 1'500'000}, {1, 1000}})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vesto::exec
