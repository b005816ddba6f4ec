#include "exec/steps/aggregate.h"

#include <map>
#include <set>

#include "step_harness.h"

namespace vesto::exec::test {
namespace {

using Phase = physical::AggregateSpec::Phase;

std::string KeyText(const Value& value) {
  std::string text = TextOf(value);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// Columns: 0 integer key, 1 text key, 2 integer value, 3 wide decimal, 4 double, 5 text.
Relation RandomRows(Random& random, int rows, int64_t domain) {
  Relation relation;
  relation.columns = {{1, Type::Integer(), "a"},        {2, Type::Varchar(100), "b"},
                      {3, Type::Integer(), "v"},        {4, Type::Decimal(38, 2), "d"},
                      {5, Type::Double(), "f"},         {6, Type::Varchar(100), "t"}};
  for (int r = 0; r < rows; ++r) {
    Row row;
    row.push_back(random.ValueOf(Type::Integer(), domain, 10));
    row.push_back(random.ValueOf(Type::Varchar(100), std::min<int64_t>(domain, 7), 10));
    row.push_back(random.ValueOf(Type::Integer(), 20, 5));
    row.push_back(Value::OfInteger(Type::Decimal(38, 2), random.Between(-1000, 1000)));
    row.push_back(random.ValueOf(Type::Double(), 50, 5));
    row.push_back(random.ValueOf(Type::Varchar(100), 30, 5));
    relation.rows.push_back(row);
  }
  return relation;
}

logical::AggregateItem Item(const Harness& harness, const Relation& relation,
                            std::string_view name, std::vector<int> args, Type type) {
  logical::AggregateItem item;
  item.function = harness.Aggregate(name);
  for (const int arg : args) item.args.push_back(relation.Column(arg));
  // The overload of this argument type.
  for (size_t o = 0; o < item.function->overloads.size(); ++o) {
    const auto& parameters = item.function->overloads[o].parameters;
    if (parameters.size() != args.size()) continue;
    if (args.empty() || parameters[0].id == relation.columns[args[0]].type.id) {
      item.overload = static_cast<int>(o);
      break;
    }
    if (parameters[0].id == TypeId::kUnknown) item.overload = static_cast<int>(o);
  }
  item.type = type;
  return item;
}

std::vector<logical::AggregateItem> Items(const Harness& harness, const Relation& relation,
                                          bool whole_groups) {
  std::vector<logical::AggregateItem> items;
  items.push_back(Item(harness, relation, "count", {}, Type::Bigint()));
  items.push_back(Item(harness, relation, "count", {2}, Type::Bigint()));
  items.push_back(Item(harness, relation, "sum", {2}, Type::Bigint()));
  items.push_back(Item(harness, relation, "avg", {2}, Type::Bigint()));
  items.push_back(Item(harness, relation, "sum", {3}, Type::Decimal(38, 2)));
  items.push_back(Item(harness, relation, "max", {4}, Type::Double()));
  items.push_back(Item(harness, relation, "min", {2}, Type::Integer()));
  items.push_back(Item(harness, relation, "max", {3}, Type::Decimal(38, 2)));
  items.push_back(Item(harness, relation, "min", {5}, Type::Varchar(100)));
  if (whole_groups) {
    items.push_back(Item(harness, relation, "count", {5}, Type::Bigint()));
    items.back().distinct = true;
    items.push_back(Item(harness, relation, "sum", {2}, Type::Bigint()));
    items.back().distinct = true;
    items.push_back(Item(harness, relation, "listagg", {5}, Type::Varchar(65535)));
    items.back().within_group.push_back({relation.Column(2), true, true});
  }
  return items;
}

// The results of Items() over some rows, as text.
TextRow NaiveItems(const std::vector<const Row*>& rows, bool whole_groups) {
  int64_t count_v = 0, sum_v = 0;
  Value::Int128 sum_d = 0, max_d = 0;
  bool any_d = false;
  Value min_v, max_f, min_t;
  std::set<std::string> texts;
  std::set<int64_t> values;
  for (const Row* row : rows) {
    const Value& v = (*row)[2];
    if (!v.is_null()) {
      ++count_v;
      sum_v += v.integer();
      values.insert(v.integer());
      if (min_v.is_null() || v.integer() < min_v.integer()) min_v = v;
    }
    const Value::Int128 d = (*row)[3].integer128();
    sum_d += d;
    if (!any_d || d > max_d) max_d = d;
    any_d = true;
    const Value& f = (*row)[4];
    if (!f.is_null() && (max_f.is_null() || f.floating() > max_f.floating())) max_f = f;
    const Value& t = (*row)[5];
    if (!t.is_null()) {
      texts.insert(KeyText(t));
      if (min_t.is_null() || KeyText(t) < KeyText(min_t)) min_t = t;
    }
  }
  TextRow out;
  out.push_back(std::to_string(rows.size()));
  out.push_back(std::to_string(count_v));
  out.push_back(count_v == 0 ? "NULL" : std::to_string(sum_v));
  out.push_back(count_v == 0 ? "NULL" : std::to_string(sum_v / count_v));
  out.push_back(any_d ? TextOf(Value::OfInteger(Type::Decimal(38, 2), sum_d)) : "NULL");
  out.push_back(TextOf(max_f));
  out.push_back(TextOf(min_v));
  out.push_back(any_d ? TextOf(Value::OfInteger(Type::Decimal(38, 2), max_d)) : "NULL");
  out.push_back(KeyText(min_t));
  if (whole_groups) {
    out.push_back(std::to_string(texts.size()));
    int64_t distinct_sum = 0;
    for (const int64_t v : values) distinct_sum += v;
    out.push_back(values.empty() ? "NULL" : std::to_string(distinct_sum));
    std::vector<const Row*> ordered = rows;
    std::stable_sort(ordered.begin(), ordered.end(), [](const Row* a, const Row* b) {
      const Value& x = (*a)[2];
      const Value& y = (*b)[2];
      if (x.is_null() || y.is_null()) return x.is_null() && !y.is_null();
      return x.integer() > y.integer();
    });
    std::string list;
    bool any = false;
    for (const Row* row : ordered) {
      if ((*row)[5].is_null()) continue;
      list += (*row)[5].text();
      any = true;
    }
    out.push_back(any ? list : "NULL");
  }
  return out;
}

// Trailing blanks of keys and text extremes depend on which row came first.
std::vector<TextRow> Normal(std::vector<TextRow> rows, size_t list_column) {
  for (TextRow& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) {
      if (c == list_column) continue;
      while (!row[c].empty() && row[c].back() == ' ') row[c].pop_back();
    }
  }
  return Sorted(std::move(rows));
}

struct Setup {
  std::vector<int> keys;
  std::vector<std::vector<int>> sets;
  bool two_phases = false;
  int rows = 1000;
  int64_t domain = 20;
};

void RunCase(uint64_t seed, const Setup& setup) {
  CAPTURE(seed, setup.keys, setup.sets, setup.two_phases, setup.rows, setup.domain);
  Random random(seed);
  const int slices = 3;
  Harness harness(slices);
  const Relation relation = RandomRows(random, setup.rows, setup.domain);
  const bool whole_groups = !setup.two_phases;
  const auto spec_of = [&](Phase phase, int state) {
    physical::AggregateSpec spec;
    spec.state = state;
    spec.phase = phase;
    for (const int key : setup.keys) spec.keys.push_back(relation.Column(key));
    spec.items = Items(harness, relation, whole_groups);
    spec.grouping_sets = setup.sets;
    return spec;
  };
  std::vector<logical::OutputColumn> output;
  for (const int key : setup.keys) output.push_back(relation.columns[key]);
  int id = 100;
  for (const auto& item : Items(harness, relation, whole_groups)) {
    output.push_back({id++, item.type, "item"});
  }
  if (!setup.sets.empty()) output.push_back({id, Type::Bigint(), "grouping id"});
  Layout layout;
  for (const auto& column : output) layout.push_back(column.id);

  // Where the rows of the last phase are: slice 2, to see that the default row does not double.
  const auto run = [&](Phase phase, int state, const Layout& input_layout,
                       std::vector<std::vector<column::Batch>> inputs) {
    auto step = std::make_shared<physical::Step>(physical::Step{spec_of(phase, state), output, -1});
    harness.query.states[state] = MakeState(*step, input_layout, &harness.query).value();
    REQUIRE_OK(harness.RunSinks(*step, input_layout, std::move(inputs)));
    std::vector<column::Batch> all;
    for (int s = 0; s < slices; ++s) {
      const physical::Step scan{physical::GroupScanSpec{state}, output, -1};
      auto source = MakeStep(scan, {}, nullptr, harness.Context(s));
      REQUIRE_OK(source);
      auto batches = Harness::Drain(**source);
      REQUIRE_OK(batches);
      for (auto& batch : *batches) all.push_back(std::move(batch));
    }
    return std::make_pair(std::move(all), std::move(step));
  };

  std::vector<TextRow> actual;
  if (setup.two_phases) {
    std::vector<Relation> parts(slices, Relation{relation.columns, {}});
    for (const Row& row : relation.rows) parts[random.Between(0, slices - 1)].rows.push_back(row);
    std::vector<std::vector<column::Batch>> inputs;
    for (const Relation& part : parts) inputs.push_back(BatchesOf(part, random));
    auto [partial, keep] = run(Phase::kPartial, 0, relation.layout(), std::move(inputs));
    std::vector<std::vector<column::Batch>> states(slices);
    // Through a gather, as an exchange does.
    for (column::Batch& batch : partial) {
      std::vector<column::Position> positions;
      for (int i = 0; i < batch.rows; ++i) positions.push_back(static_cast<column::Position>(i));
      states[2].push_back(batch.Gather(positions));
    }
    partial.clear();
    auto [result, keep_too] = run(Phase::kFinal, 1, layout, std::move(states));
    actual = Harness::RowsOf(result);
  } else {
    std::vector<std::vector<column::Batch>> inputs(slices);
    inputs[2] = BatchesOf(relation, random);
    auto [result, keep] = run(Phase::kSingle, 0, relation.layout(), std::move(inputs));
    actual = Harness::RowsOf(result);
  }

  std::vector<TextRow> expected;
  std::vector<std::vector<int>> sets = setup.sets;
  if (sets.empty()) {
    sets.emplace_back();
    for (size_t k = 0; k < setup.keys.size(); ++k) sets[0].push_back(static_cast<int>(k));
  }
  for (const std::vector<int>& set : sets) {
    std::map<TextRow, std::vector<const Row*>> groups;
    if (set.empty()) groups[TextRow(setup.keys.size(), "NULL")];
    for (const Row& row : relation.rows) {
      TextRow key;
      for (size_t k = 0; k < setup.keys.size(); ++k) {
        const bool in = std::find(set.begin(), set.end(), static_cast<int>(k)) != set.end();
        key.push_back(in ? KeyText(row[setup.keys[k]]) : "NULL");
      }
      groups[key].push_back(&row);
    }
    for (const auto& [key, rows] : groups) {
      TextRow row = key;
      const TextRow items = NaiveItems(rows, whole_groups);
      row.insert(row.end(), items.begin(), items.end());
      if (!setup.sets.empty()) {
        int64_t grouping_id = 0;
        for (size_t k = 0; k < setup.keys.size(); ++k) {
          const bool in = std::find(set.begin(), set.end(), static_cast<int>(k)) != set.end();
          grouping_id |= in ? 0 : int64_t{1} << k;
        }
        row.push_back(std::to_string(grouping_id));
      }
      expected.push_back(row);
    }
  }
  const size_t list_column = setup.keys.size() + 11;
  CHECK(Normal(actual, list_column) == Normal(expected, list_column));
}

}  // namespace

TEST_CASE("groups agree with a naive model in one phase and in two", "[exec]") {
  uint64_t seed = 0;
  for (const bool two_phases : {false, true}) {
    for (const int rows : {0, 1, 1000, 5000}) {
      for (const int64_t domain : {3, 50, 100000}) {
        RunCase(++seed, {{}, {}, two_phases, rows, domain});
        RunCase(++seed, {{0}, {}, two_phases, rows, domain});
        RunCase(++seed, {{1}, {}, two_phases, rows, domain});
        RunCase(++seed, {{0, 1}, {}, two_phases, rows, domain});
        RunCase(++seed, {{3, 4}, {}, two_phases, rows, domain});
        RunCase(++seed, {{0, 1}, {{0, 1}, {0}, {}, {1}}, two_phases, rows, domain});
        RunCase(++seed, {{0, 1}, {{0}, {0}}, two_phases, rows, domain});
      }
    }
  }
}

TEST_CASE("a partial phase that does not reduce stops looking for equal groups", "[exec]") {
  RunCase(77, {{0, 3}, {}, true, 330000, 1000000});
}

}  // namespace vesto::exec::test
