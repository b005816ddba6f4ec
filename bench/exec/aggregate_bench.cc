// GROUP BY of 2 M rows with COUNT(*), SUM and MIN on one slice.
// Bounds (performance.md §6, one thread): memory speed without groups; about 1 ns a row and sum for
// few groups; 1.2 / 2.9 / 6.4 ns a row at 0.1 / 1.5 / 15 M groups of a dense array, a hash table 44.

#include "exec/steps/aggregate.h"

#include "bench_query.h"

namespace vesto::exec {
namespace {

logical::AggregateItem Item(const BenchQuery& query, std::string_view name, bool argument) {
  logical::AggregateItem item;
  item.function = query.aggregate(name);
  item.type = Type::Bigint();
  if (!argument) return item;
  item.args.push_back(ColumnRef(2));
  for (size_t o = 0; o < item.function->overloads.size(); ++o) {
    if (item.function->overloads[o].parameters.size() == 1 &&
        item.function->overloads[o].parameters[0].id == TypeId::kBigint) {
      item.overload = static_cast<int>(o);
    }
  }
  return item;
}

// Argument: groups; 0: no GROUP BY.
void GroupBy(benchmark::State& state) {
  const int64_t rows = 2'000'000, groups = state.range(0);
  const auto input = BatchesOf({Uniform(rows, std::max<int64_t>(groups, 1), 1, 3),
                                Uniform(rows, 1'000'000, 1, 5)});
  for (auto _ : state) {
    BenchQuery query;
    physical::AggregateSpec spec;
    spec.state = 0;
    if (groups > 0) spec.keys.push_back(ColumnRef(1));
    spec.items.push_back(Item(query, "count", false));
    spec.items.push_back(Item(query, "sum", true));
    spec.items.push_back(Item(query, "min", true));
    std::vector<logical::OutputColumn> output;
    if (groups > 0) output.push_back(BigintColumn(1));
    for (int i = 0; i < 3; ++i) output.push_back(BigintColumn(10 + i));
    const physical::Step step{std::move(spec), output, -1};
    query.RunSink(step, {1, 2}, 0, input);
    const physical::Step scan{physical::GroupScanSpec{0}, output, -1};
    auto source = MakeStep(scan, {}, nullptr, query.context()).value();
    benchmark::DoNotOptimize(BenchQuery::Drain(*source));
    source.reset();
    query.query.states.clear();
  }
  state.SetItemsProcessed(state.iterations() * rows);
}
BENCHMARK(GroupBy)->Arg(0)->Arg(4)->Arg(1000)->Arg(100'000)->Arg(1'500'000)->Unit(
    benchmark::kMillisecond);

}  // namespace
}  // namespace vesto::exec
