#include "exec/steps/limit.h"
#include "exec/steps/nested_loop.h"
#include "exec/steps/save.h"
#include "exec/steps/unique.h"
#include "step_harness.h"

namespace vesto::exec::test {
namespace {

using logical::JoinType;

Relation Numbers(Random& random, int first_id, int rows, int64_t domain) {
  Relation relation;
  relation.columns = {{first_id, Type::Integer(), "a"}, {first_id + 1, Type::Varchar(100), "t"}};
  for (int r = 0; r < rows; ++r) {
    relation.rows.push_back({random.ValueOf(Type::Integer(), domain, 8),
                             random.ValueOf(Type::Varchar(100), domain, 8)});
  }
  return relation;
}

std::vector<TextRow> Run(const physical::Step& step, const Relation& input, Random& random,
                         const StepContext& context) {
  auto made = MakeStep(step, input.layout(),
                       std::make_unique<FakeInput>(BatchesOf(input, random, 600)), context);
  REQUIRE_OK(made);
  auto batches = Harness::Drain(**made);
  REQUIRE_OK(batches);
  return Harness::RowsOf(*batches);
}

void Save(Harness& harness, int state, bool shared, const Relation& relation, Random& random) {
  const physical::Step step{physical::SaveSpec{state, shared, -1}, relation.columns, -1};
  harness.query.states[state] = MakeState(step, relation.layout(), &harness.query).value();
  const int slices = harness.query.topology.num_slices();
  std::vector<Relation> parts(slices, Relation{relation.columns, {}});
  for (const Row& row : relation.rows) parts[random.Between(0, slices - 1)].rows.push_back(row);
  std::vector<std::vector<column::Batch>> inputs;
  for (const Relation& part : parts) inputs.push_back(BatchesOf(part, random, 300));
  REQUIRE_OK(harness.RunSinks(step, relation.layout(), std::move(inputs)));
}

}  // namespace

TEST_CASE("a filter and a projection keep the rows that qualify", "[exec]") {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    Random random(seed);
    CAPTURE(seed);
    Harness harness;
    const Relation relation = Numbers(random, 1, 3000, seed % 2 == 0 ? 10 : 1000);
    physical::FilterSpec spec;
    spec.predicate =
        expr::Compare(expr::Op::kLess, relation.Column(0), expr::Constant(Value::Integer(2)));
    const physical::Step filter{std::move(spec), relation.columns, -1};
    std::vector<Row> expected;
    for (const Row& row : relation.rows) {
      if (!row[0].is_null() && row[0].integer() < 2) expected.push_back(row);
    }
    const std::vector<TextRow> kept = Run(filter, relation, random, harness.Context(0));
    CHECK(Sorted(kept) == Sorted(TextOf(expected)));
    physical::ProjectSpec project;
    project.expressions.push_back(relation.Column(1));
    const physical::Step step{std::move(project), {relation.columns[1]}, -1};
    std::vector<TextRow> texts;
    for (const Row& row : relation.rows) texts.push_back({TextOf(row[1])});
    CHECK(Run(step, relation, random, harness.Context(0)) == texts);
  }
}

TEST_CASE("LIMIT and OFFSET cut a stream", "[exec]") {
  Random random(3);
  Harness harness;
  const Relation relation = Numbers(random, 1, 3000, 100);
  for (const auto& [limit, offset] :
       std::vector<std::pair<int, int>>{{10, 0}, {10, 2995}, {0, 0}, {5000, 700}, {1, 3000}}) {
    CAPTURE(limit, offset);
    const physical::Step step{
        physical::LimitSpec{expr::Constant(Value::Bigint(limit)),
                            expr::Constant(Value::Bigint(offset))},
        relation.columns, -1};
    std::vector<TextRow> expected = TextOf(relation.rows);
    expected.erase(expected.begin(), expected.begin() + std::min<size_t>(offset, expected.size()));
    expected.resize(std::min<size_t>(limit, expected.size()));
    CHECK(Run(step, relation, random, harness.Context(0)) == expected);
  }
  const physical::Step negative{
      physical::LimitSpec{expr::Constant(Value::Bigint(-1)), nullptr}, relation.columns, -1};
  CHECK_SQL_ERROR(MakeStep(negative, relation.layout(), nullptr, harness.Context(0)),
                  SqlState::kInvalidParameterValue);
}

TEST_CASE("values come from the first peer only", "[exec]") {
  Harness harness(2);
  physical::ValuesSpec spec;
  for (int i = 0; i < 5000; ++i) {
    std::vector<expr::ExprPtr> row;
    row.push_back(expr::Constant(i == 7 ? Value::Null(Type::Integer()) : Value::Integer(i)));
    spec.rows.push_back(std::move(row));
  }
  const physical::Step step{std::move(spec), {{1, Type::Integer(), "a"}}, -1};
  auto first = MakeStep(step, {}, nullptr, harness.Context(0));
  auto second = MakeStep(step, {}, nullptr, harness.Context(1));
  REQUIRE_OK(first);
  REQUIRE_OK(second);
  const std::vector<TextRow> rows = Harness::RowsOf(Harness::Drain(**first).value());
  REQUIRE(rows.size() == 5000);
  CHECK(rows[7][0] == "NULL");
  CHECK(rows[4999][0] == "4999");
  CHECK(Harness::Drain(**second).value().empty());
}

TEST_CASE("saved rows are read per slice or by all, and rounds take turns", "[exec]") {
  for (const bool shared : {false, true}) {
    Random random(9);
    Harness harness(3);
    const Relation relation = Numbers(random, 1, 4000, 1000);
    Save(harness, 0, shared, relation, random);
    std::vector<TextRow> all;
    for (int s = 0; s < 3; ++s) {
      const physical::Step scan{physical::SavedScanSpec{0}, relation.columns, -1};
      auto source = MakeStep(scan, {}, nullptr, harness.Context(s));
      REQUIRE_OK(source);
      const std::vector<TextRow> rows = Harness::RowsOf(Harness::Drain(**source).value());
      if (shared) {
        CHECK(Sorted(rows) == Sorted(TextOf(relation.rows)));
      } else {
        all.insert(all.end(), rows.begin(), rows.end());
      }
    }
    if (!shared) CHECK(Sorted(all) == Sorted(TextOf(relation.rows)));
    auto& state = harness.query.state<SaveState>(0);
    CHECK(state.rows() == 4000);
    SaveState next(shared, harness.query.num_places(), harness.query.memory);
    next.TakeFrom(state);
    CHECK(next.rows() == 4000);
    CHECK(state.rows() == 0);
  }
}

TEST_CASE("unique rows are the first ones, with NULLs equal", "[exec]") {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    CAPTURE(seed);
    Harness harness;
    const Relation relation = Numbers(random, 1, 2000, seed < 4 ? 12 : 100000);
    std::vector<TextRow> expected;
    std::vector<TextRow> seen;
    for (const Row& row : relation.rows) {
      TextRow key = TextOf(row);
      while (!key[1].empty() && key[1].back() == ' ') key[1].pop_back();
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(key);
      expected.push_back(TextOf(row));
    }
    const physical::Step step{physical::UniqueSpec{}, relation.columns, -1};
    CHECK(Run(step, relation, random, harness.Context(0)) == expected);
  }
}

TEST_CASE("a nested loop joins under any condition", "[exec]") {
  for (const JoinType type : {JoinType::kInner, JoinType::kLeft, JoinType::kSemi, JoinType::kAnti,
                              JoinType::kNullAwareAnti, JoinType::kMark, JoinType::kSingle}) {
    for (const int inner_rows : {0, 1, 60, 900}) {
      for (const bool conditional : {false, true}) {
        Random random(static_cast<uint64_t>(inner_rows) * 2 + (conditional ? 1 : 0));
        CAPTURE(static_cast<int>(type), inner_rows, conditional);
        Harness harness(2);
        const Relation outer = Numbers(random, 1, 150, 60), inner = Numbers(random, 11, inner_rows, 60);
        Save(harness, 0, true, inner, random);
        physical::NestedLoopSpec spec;
        spec.state = 0;
        spec.type = type;
        spec.build_layout = inner.layout();
        if (conditional) {
          spec.condition = expr::Compare(expr::Op::kLess, outer.Column(0), inner.Column(0));
        }
        std::vector<logical::OutputColumn> output = outer.columns;
        const bool keeps = type == JoinType::kInner || type == JoinType::kLeft ||
                           type == JoinType::kSingle;
        if (keeps) output.insert(output.end(), inner.columns.begin(), inner.columns.end());
        if (type == JoinType::kMark) output.push_back({50, Type::Boolean(), "mark"});
        std::vector<TextRow> expected;
        bool error = false;
        for (const Row& row : outer.rows) {
          int matches = 0;
          bool unknown = false;
          const TextRow left = TextOf(row);
          for (const Row& other : inner.rows) {
            const bool null = row[0].is_null() || other[0].is_null();
            if (conditional && null) unknown = true;
            if (conditional && (null || row[0].integer() >= other[0].integer())) continue;
            ++matches;
            if (!keeps) continue;
            TextRow pair = left;
            const TextRow right = TextOf(other);
            pair.insert(pair.end(), right.begin(), right.end());
            expected.push_back(pair);
          }
          error = error || (type == JoinType::kSingle && matches > 1);
          if ((type == JoinType::kLeft || type == JoinType::kSingle) && matches == 0) {
            TextRow pair = left;
            pair.resize(4, "NULL");
            expected.push_back(pair);
          }
          if (type == JoinType::kSemi && matches > 0) expected.push_back(left);
          if (type == JoinType::kAnti && matches == 0) expected.push_back(left);
          if (type == JoinType::kNullAwareAnti && matches == 0 && !unknown) expected.push_back(left);
          if (type == JoinType::kMark) {
            TextRow marked = left;
            marked.push_back(TextOf(Value::Boolean(matches > 0)));
            expected.push_back(marked);
          }
        }
        const physical::Step step{std::move(spec), output, -1};
        auto join = MakeStep(step, outer.layout(),
                             std::make_unique<FakeInput>(BatchesOf(outer, random, 70)),
                             harness.Context(1));
        REQUIRE_OK(join);
        auto batches = Harness::Drain(**join);
        if (error) {
          CHECK_SQL_ERROR(batches, SqlState::kCardinalityViolation);
          continue;
        }
        REQUIRE_OK(batches);
        CHECK(Sorted(Harness::RowsOf(*batches)) == Sorted(expected));
      }
    }
  }
}

}  // namespace vesto::exec::test
