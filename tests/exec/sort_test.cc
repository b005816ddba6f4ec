#include "exec/steps/sort.h"

#include "exec/steps/sorted_merge.h"
#include "step_harness.h"

namespace vesto::exec::test {
namespace {

std::string KeyText(const Value& value) {
  std::string text = TextOf(value);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

int CompareValues(const Value& a, const Value& b, const logical::SortKey& key) {
  if (a.is_null() || b.is_null()) {
    if (a.is_null() && b.is_null()) return 0;
    return a.is_null() == key.nulls_first ? -1 : 1;
  }
  int order = 0;
  if (a.type().id == TypeId::kVarchar) {
    order = KeyText(a).compare(KeyText(b));
  } else if (a.type().id == TypeId::kDouble) {
    order = a.floating() < b.floating() ? -1 : (b.floating() < a.floating() ? 1 : 0);
  } else {
    order = a.integer128() < b.integer128() ? -1 : (b.integer128() < a.integer128() ? 1 : 0);
  }
  return key.descending ? -order : order;
}

std::vector<Row> Naive(std::vector<Row> rows, const std::vector<logical::SortKey>& keys,
                       const std::vector<int>& columns) {
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    for (size_t k = 0; k < keys.size(); ++k) {
      const int order = CompareValues(a[columns[k]], b[columns[k]], keys[k]);
      if (order != 0) return order < 0;
    }
    return false;
  });
  return rows;
}

Relation RandomRows(Random& random, const std::vector<Type>& types, int rows, int64_t domain) {
  Relation relation;
  for (size_t c = 0; c < types.size(); ++c) {
    relation.columns.push_back({static_cast<int>(c) + 1, types[c], "c"});
  }
  relation.columns.push_back({50, Type::Integer(), "row"});
  for (int r = 0; r < rows; ++r) {
    Row row;
    for (const Type& type : types) row.push_back(random.ValueOf(type, domain, 8));
    row.push_back(Value::Integer(r));
    relation.rows.push_back(row);
  }
  return relation;
}

std::vector<logical::SortKey> RandomKeys(Random& random, const Relation& relation,
                                         std::vector<int>* columns) {
  std::vector<logical::SortKey> keys;
  const int count = static_cast<int>(random.Between(1, 3));
  for (int k = 0; k < count; ++k) {
    const int c = static_cast<int>(
        random.Between(0, static_cast<int64_t>(relation.columns.size()) - 2));
    columns->push_back(c);
    keys.push_back({relation.Column(c), random.OneIn(2), random.OneIn(2)});
  }
  return keys;
}

const std::vector<Type> kTypes = {Type::Integer(),       Type::Varchar(100), Type::Double(),
                                  Type::Decimal(38, 2), Type::Bigint(),     Type::Boolean()};

}  // namespace

TEST_CASE("sorting is stable and honours direction and NULLs", "[exec]") {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    CAPTURE(seed);
    const int rows = seed % 5 == 0 ? 5000 : static_cast<int>(random.Between(0, 700));
    const Relation relation =
        RandomRows(random, kTypes, rows, seed % 2 == 0 ? 10 : int64_t{1} << 34);
    std::vector<int> columns;
    physical::SortSpec spec;
    spec.state = 0;
    spec.keys = RandomKeys(random, relation, &columns);
    spec.limit = seed % 3 == 0 ? random.Between(0, 100) : -1;
    std::vector<Row> expected = Naive(relation.rows, spec.keys, columns);
    if (spec.limit >= 0 && static_cast<int64_t>(expected.size()) > spec.limit) {
      expected.resize(spec.limit);
    }
    Harness harness;
    const physical::Step step{std::move(spec), relation.columns, -1};
    harness.query.states[0] = MakeState(step, relation.layout(), &harness.query).value();
    REQUIRE_OK(harness.RunSinks(step, relation.layout(), {BatchesOf(relation, random, 500)}));
    const physical::Step scan{physical::SortedScanSpec{0}, relation.columns, -1};
    auto source = MakeStep(scan, {}, nullptr, harness.Context(0));
    REQUIRE_OK(source);
    CHECK(Harness::RowsOf(Harness::Drain(**source).value()) == TextOf(expected));
  }
}

TEST_CASE("a merge of sorted streams is sorted", "[exec]") {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    Random random(seed);
    CAPTURE(seed);
    Harness harness;
    const Relation all = RandomRows(random, kTypes, 1500, 12);
    std::vector<int> columns;
    const std::vector<logical::SortKey> keys = RandomKeys(random, all, &columns);
    const int sources = static_cast<int>(random.Between(1, 5));
    std::vector<Relation> parts(sources, Relation{all.columns, {}});
    for (const Row& row : all.rows) parts[random.Between(0, sources - 1)].rows.push_back(row);
    std::vector<std::vector<column::Batch>> batches;
    std::vector<Row> in_source_order;
    for (Relation& part : parts) {
      part.rows = Naive(part.rows, keys, columns);
      in_source_order.insert(in_source_order.end(), part.rows.begin(), part.rows.end());
      batches.push_back(BatchesOf(part, random, 300));
    }
    auto merge = SortedMerge::Create(keys, all.layout(), sources, *harness.query.eval);
    REQUIRE_OK(merge);
    std::vector<size_t> next(sources);
    std::vector<column::Batch> out;
    while (true) {
      column::Batch batch;
      auto progress = (*merge)->Next(&batch);
      REQUIRE_OK(progress);
      if (*progress == Progress::kDone) break;
      if (*progress == Progress::kBatch) {
        out.push_back(std::move(batch));
        continue;
      }
      const int source = (*merge)->waiting_for();
      REQUIRE(source >= 0);
      if (next[source] == batches[source].size()) {
        (*merge)->End(source);
      } else {
        REQUIRE_OK((*merge)->Push(source, batches[source][next[source]++]));
      }
    }
    // Ties come from the lower source first.
    CHECK(Harness::RowsOf(out) == TextOf(Naive(in_source_order, keys, columns)));
  }
}

}  // namespace vesto::exec::test
