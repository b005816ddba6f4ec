#include "exec/steps/hash_join.h"

#include "step_harness.h"

namespace vesto::exec::test {
namespace {

using logical::JoinType;

// Comparison form of a key as text; trailing blanks do not count.
std::string KeyText(const Value& value) {
  std::string text = TextOf(value);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

struct Case {
  std::vector<Type> key_types;
  int64_t domain = 50;
  int null_one_in = 10;
  bool residual = false;
};

// build.v < probe.v, NULL where one is NULL.
bool ResidualHolds(const Row& probe, const Row& build) {
  return !probe.back().is_null() && !build.back().is_null() &&
         build.back().integer() < probe.back().integer();
}

std::vector<TextRow> Naive(JoinType type, const Relation& probe, const Relation& build,
                           const Case& c, bool nulls_equal, size_t num_compared, bool* error) {
  std::vector<TextRow> out;
  const size_t keys = c.key_types.size();
  std::vector<bool> build_matched(build.rows.size());
  *error = false;
  for (const Row& p : probe.rows) {
    std::vector<size_t> matches;
    bool unknown = false;
    for (size_t b = 0; b < build.rows.size(); ++b) {
      const Row& q = build.rows[b];
      bool equal = true, in_doubt = num_compared > 0;
      for (size_t k = 0; k < keys; ++k) {
        const bool null = p[k].is_null() || q[k].is_null();
        const bool same = null ? nulls_equal && p[k].is_null() && q[k].is_null()
                               : KeyText(p[k]) == KeyText(q[k]);
        equal = equal && same;
        in_doubt = in_doubt && (same || (null && k < num_compared));
      }
      const bool residual = !c.residual || ResidualHolds(p, q);
      if (equal && residual) matches.push_back(b);
      if (in_doubt && !equal && residual) unknown = true;
    }
    const TextRow left = TextOf(p);
    const auto pair = [&](size_t b) {
      TextRow row = left;
      const TextRow right = TextOf(build.rows[b]);
      row.insert(row.end(), right.begin(), right.end());
      out.push_back(row);
    };
    for (const size_t b : matches) build_matched[b] = true;
    switch (type) {
      case JoinType::kSingle:
        *error = *error || matches.size() > 1;
        [[fallthrough]];
      case JoinType::kLeft:
      case JoinType::kFull:
        if (matches.empty()) {
          TextRow row = left;
          row.resize(left.size() + build.columns.size(), "NULL");
          out.push_back(row);
        }
        [[fallthrough]];
      case JoinType::kInner:
      case JoinType::kRight:
        for (const size_t b : matches) pair(b);
        break;
      case JoinType::kSemi:
        if (!matches.empty()) out.push_back(left);
        break;
      case JoinType::kAnti:
        if (matches.empty()) out.push_back(left);
        break;
      case JoinType::kNullAwareAnti:
        if (matches.empty() && !unknown) out.push_back(left);
        break;
      case JoinType::kMark: {
        TextRow row = left;
        row.push_back(!matches.empty() ? TextOf(Value::Boolean(true))
                                       : unknown ? "NULL" : TextOf(Value::Boolean(false)));
        out.push_back(row);
        break;
      }
    }
  }
  if (type == JoinType::kRight || type == JoinType::kFull) {
    for (size_t b = 0; b < build.rows.size(); ++b) {
      if (build_matched[b]) continue;
      TextRow row(probe.columns.size(), "NULL");
      const TextRow right = TextOf(build.rows[b]);
      row.insert(row.end(), right.begin(), right.end());
      out.push_back(row);
    }
  }
  return Sorted(out);
}

Relation RandomSide(Random& random, const Case& c, int first_id, int rows) {
  Relation relation;
  for (size_t k = 0; k < c.key_types.size(); ++k) {
    relation.columns.push_back({first_id + static_cast<int>(k), c.key_types[k], "k"});
  }
  relation.columns.push_back({first_id + 10, Type::Varchar(100), "s"});
  relation.columns.push_back({first_id + 11, Type::Integer(), "v"});
  for (int r = 0; r < rows; ++r) {
    Row row;
    for (const Type& type : c.key_types) row.push_back(random.ValueOf(type, c.domain, c.null_one_in));
    row.push_back(random.ValueOf(Type::Varchar(100), 20, 10));
    row.push_back(random.ValueOf(Type::Integer(), 100, 10));
    relation.rows.push_back(row);
  }
  return relation;
}

void RunCase(uint64_t seed, const Case& c, JoinType type, bool shared, bool nulls_equal,
             int build_rows, int probe_rows, bool threads = false) {
  CAPTURE(seed, static_cast<int>(type), shared, nulls_equal, build_rows, probe_rows, c.residual,
          c.key_types.size(), c.domain);
  Random random(seed);
  const int slices = 3;
  Harness harness(slices);
  // Of several keys, IN compares some or all; marks of EXISTS compare none.
  size_t num_compared = 0;
  if (type == JoinType::kNullAwareAnti) num_compared = 1 + seed % c.key_types.size();
  if (type == JoinType::kMark) num_compared = seed % (c.key_types.size() + 1);
  const bool keeps_build = type == JoinType::kInner || type == JoinType::kLeft ||
                           type == JoinType::kRight || type == JoinType::kFull ||
                           type == JoinType::kSingle;
  const Relation build = RandomSide(random, c, 100, build_rows);
  const Relation probe = RandomSide(random, c, 200, probe_rows);

  physical::HashBuildSpec build_spec;
  build_spec.state = 0;
  for (size_t k = 0; k < c.key_types.size(); ++k) build_spec.keys.push_back(build.Column(k));
  build_spec.layout = build.layout();
  build_spec.shared = shared;
  build_spec.keys_only = !keeps_build && !c.residual;
  build_spec.num_compared = static_cast<int>(num_compared);
  build_spec.nulls_equal = nulls_equal;
  build_spec.tracks_matches = type == JoinType::kRight || type == JoinType::kFull;
  const physical::Step build_step{std::move(build_spec), build.columns, -1};

  physical::HashJoinSpec join_spec;
  join_spec.state = 0;
  join_spec.type = type;
  join_spec.nulls_equal = nulls_equal;
  for (size_t k = 0; k < c.key_types.size(); ++k) join_spec.probe_keys.push_back(probe.Column(k));
  join_spec.build_layout = build.layout();
  if (keeps_build) join_spec.build_output = build.layout();
  const int last = static_cast<int>(build.columns.size()) - 1;
  if (c.residual) {
    join_spec.residual = expr::Compare(expr::Op::kLess, build.Column(last), probe.Column(last));
  }
  std::vector<logical::OutputColumn> output = probe.columns;
  if (keeps_build) output.insert(output.end(), build.columns.begin(), build.columns.end());
  if (type == JoinType::kMark) output.push_back({300, Type::Boolean(), "mark"});
  const physical::Step join_step{std::move(join_spec), output, -1};

  // Shared: the rows of the build are spread over the slices. Else one slice has them all.
  std::vector<std::vector<column::Batch>> inputs(slices);
  if (shared) {
    std::vector<Relation> parts(slices, Relation{build.columns, {}});
    for (const Row& row : build.rows) parts[random.Between(0, slices - 1)].rows.push_back(row);
    for (int s = 0; s < slices; ++s) inputs[s] = BatchesOf(parts[s], random);
  } else {
    inputs[1] = BatchesOf(build, random);
  }
  harness.query.states[0] = MakeState(build_step, build.layout(), &harness.query).value();
  REQUIRE_OK(threads ? harness.RunSinksInThreads(build_step, build.layout(), std::move(inputs))
                     : harness.RunSinks(build_step, build.layout(), std::move(inputs)));

  bool error = false;
  const std::vector<TextRow> expected =
      Naive(type, probe, build, c, nulls_equal, num_compared, &error);
  auto join = MakeStep(join_step, probe.layout(),
                       std::make_unique<FakeInput>(BatchesOf(probe, random)), harness.Context(1));
  REQUIRE_OK(join);
  auto batches = Harness::Drain(**join);
  if (error) {
    REQUIRE(!batches.ok());
    CHECK(SqlStateOf(batches.status()) == SqlState::kCardinalityViolation);
    return;
  }
  REQUIRE_OK(batches);
  std::vector<TextRow> actual = Harness::RowsOf(*batches);
  if (type == JoinType::kRight || type == JoinType::kFull) {
    const physical::Step scan{physical::UnmatchedScanSpec{0}, output, -1};
    for (int s = 0; s < slices; ++s) {
      auto unmatched = MakeStep(scan, {}, nullptr, harness.Context(s));
      REQUIRE_OK(unmatched);
      const std::vector<TextRow> more = Harness::RowsOf(Harness::Drain(**unmatched).value());
      actual.insert(actual.end(), more.begin(), more.end());
    }
  }
  CHECK(Sorted(actual) == expected);

  // What the build publishes refuses no key that has a match.
  if (auto filter = harness.query.state<HashBuildState>(0).filter();
      filter != nullptr && !filter->of_strings()) {
    for (const Row& row : build.rows) {
      if (!row[0].is_null()) CHECK(filter->MayContain(row[0].integer()));
    }
  }
}

const std::vector<JoinType> kAllTypes = {
    JoinType::kInner, JoinType::kLeft,          JoinType::kRight, JoinType::kFull, JoinType::kSemi,
    JoinType::kAnti,  JoinType::kNullAwareAnti, JoinType::kMark,  JoinType::kSingle};

}  // namespace

TEST_CASE("a hash join agrees with nested loops over every kind of key", "[exec]") {
  const std::vector<Case> cases = {
      {{Type::Integer()}, 50, 10, false},
      {{Type::Integer()}, 50, 10, true},
      {{Type::Bigint()}, int64_t{1} << 40, 0, false},
      {{Type::Bigint()}, 30, 0, false},
      {{Type::Varchar(100)}, 50, 10, false},
      {{Type::Varchar(100)}, 20, 10, true},
      {{Type::Integer(), Type::Varchar(100)}, 6, 6, false},
      {{Type::Integer(), Type::Bigint()}, 6, 6, true},
      {{Type::Decimal(38, 2)}, 40, 10, false},
      {{Type::Double()}, 40, 10, false},
  };
  uint64_t seed = 1;
  for (const Case& c : cases) {
    for (const JoinType type : kAllTypes) {
      for (const bool shared : {false, true}) {
        RunCase(++seed, c, type, shared, false, 150, 200);
      }
      RunCase(++seed, c, type, true, false, 0, 50);
      RunCase(++seed, c, type, false, false, 3, 50);
    }
  }
}

TEST_CASE("a sparse integer key goes to the hash table", "[exec]") {
  for (const JoinType type : kAllTypes) {
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      const Case c{{Type::Timestamp()}, 40, 8, seed == 2};
      RunCase(seed, c, type, seed != 3, false, 100, 100);
    }
  }
}

TEST_CASE("single joins give at most one match", "[exec]") {
  Case c{{Type::Integer()}, 100000, 20, false};
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    RunCase(seed, c, JoinType::kSingle, true, false, 60, 3000);
  }
}

TEST_CASE("NULLs are equal for set operations", "[exec]") {
  for (const JoinType type : {JoinType::kSemi, JoinType::kAnti}) {
    for (uint64_t seed = 1; seed <= 6; ++seed) {
      RunCase(seed, {{Type::Integer()}, 30, 5, false}, type, seed % 2 == 0, true, 40, 100);
      RunCase(seed, {{Type::Integer()}, 30, seed > 3 ? 0 : 5, false}, type, true, true, 40, 100);
      RunCase(seed, {{Type::Varchar(20), Type::Integer()}, 5, 4, false}, type, true, true, 40, 100);
    }
  }
}

TEST_CASE("slices build one table in parallel", "[exec]") {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    for (const Type& type : {Type::Integer(), Type::Timestamp(), Type::Varchar(100)}) {
      RunCase(seed, {{type}, 3000, 50, false}, JoinType::kFull, true, false, 2000, 500, true);
      RunCase(seed, {{type}, 3000, 50, false}, JoinType::kSemi, true, false, 2000, 500, true);
    }
  }
}

TEST_CASE("many matches per row come in many batches", "[exec]") {
  for (const JoinType type : {JoinType::kInner, JoinType::kLeft, JoinType::kFull, JoinType::kSemi}) {
    RunCase(7, {{Type::Integer()}, 2, 0, false}, type, true, false, 300, 120);
    RunCase(8, {{Type::Varchar(100)}, 2, 0, true}, type, false, false, 300, 120);
  }
}

}  // namespace vesto::exec::test
