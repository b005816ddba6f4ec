#include <algorithm>
#include <cmath>
#include <cstring>

#include "table_model.h"

namespace vesto::storage {
namespace {

using column::ColumnPredicate;
using column::MembershipFilter;
using column::PredicateKind;
using column::StringRef;

std::string Trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// The naive reading of a predicate.
bool Passes(const ColumnPredicate& predicate, const Value& value) {
  if (predicate.kind == PredicateKind::kIsNull) return value.is_null();
  if (value.is_null()) return false;
  const TypeId id = value.type().id;
  if (id == TypeId::kVarchar || id == TypeId::kChar) {
    const StringRef text(value.text());
    if (predicate.kind == PredicateKind::kString) {
      uint8_t pass = 0;
      predicate.strings({&text, 1}, &pass);
      return pass != 0;
    }
    if (predicate.kind == PredicateKind::kMembership) {
      return predicate.membership->MayContainHash(base::HashString(Trimmed(value.text())));
    }
    return true;  // IS NOT NULL
  }
  int128_t x;
  if (id == TypeId::kDouble || id == TypeId::kReal) {
    x = column::DoubleImage(value.floating());
  } else {
    x = value.integer128();
  }
  switch (predicate.kind) {
    case PredicateKind::kRange:
      return (predicate.lo == column::kImageMin || x >= predicate.lo) &&
             (predicate.hi == column::kImageMax || x <= predicate.hi);
    case PredicateKind::kNotEqual:
      return x != predicate.lo;
    case PredicateKind::kIn:
      return std::any_of(predicate.values.begin(), predicate.values.end(),
                         [&](int64_t v) { return x == v; }) != predicate.negated;
    case PredicateKind::kMembership:
      return x >= INT64_MIN && x <= INT64_MAX &&
             predicate.membership->MayContain(static_cast<int64_t>(x));
    default:
      return true;
  }
}

// A random predicate whose constants are taken from the data, so that all verdicts occur.
ColumnPredicate RandomPredicate(std::mt19937_64& random, const std::vector<ModelRow>& rows) {
  const int column = static_cast<int>(random() % TableModel::Types().size());
  auto pick = [&]() -> const Value& { return rows[random() % rows.size()][column]; };
  const TypeId id = TableModel::Types()[column].id;
  if (random() % 10 == 0) return ColumnPredicate::IsNull(column, random() % 2 == 0);
  if (id == TypeId::kVarchar || id == TypeId::kChar) {
    switch (random() % 4) {
      case 0:
        return ColumnPredicate::StringEqual(column, pick().text(), random() % 4 == 0);
      case 1: {
        // LIKE '%special%', NOT LIKE '%special%', with and without the literal as a hint.
        const bool negated = random() % 2 == 0;
        auto predicate = ColumnPredicate::String(
            column, [negated](std::span<const StringRef> strings, uint8_t* pass) {
              for (size_t i = 0; i < strings.size(); ++i) {
                const bool found = strings[i].view().find("special") != std::string_view::npos;
                pass[i] = found != negated;
              }
            });
        if (random() % 2 == 0) {
          predicate.literal = "special";
          predicate.without_literal_passes = negated;
        }
        return predicate;
      }
      case 2: {
        std::vector<uint64_t> hashes;
        for (int i = 0; i < 5; ++i) hashes.push_back(base::HashString(Trimmed(pick().text())));
        return ColumnPredicate::Member(column, MembershipFilter::OfStringHashes(hashes));
      }
      default:
        return ColumnPredicate::String(column,
                                       [](std::span<const StringRef> strings, uint8_t* pass) {
                                         for (size_t i = 0; i < strings.size(); ++i)
                                           pass[i] = strings[i].size() % 2;
                                       });
    }
  }
  auto image = [&]() -> int64_t {
    const Value& value = pick();
    if (id == TypeId::kDouble || id == TypeId::kReal) return column::DoubleImage(value.floating());
    return static_cast<int64_t>(
        std::clamp<int128_t>(value.integer128(), INT64_MIN + 1, INT64_MAX - 1));
  };
  switch (random() % 6) {
    case 0: {
      const int64_t a = image();
      const int64_t b = image();
      return ColumnPredicate::Range(column, std::min(a, b), std::max(a, b));
    }
    case 1:
      return random() % 2 == 0 ? ColumnPredicate::Range(column, image(), column::kImageMax)
                               : ColumnPredicate::Range(column, column::kImageMin, image());
    case 2:
      return ColumnPredicate::Equal(column, image());
    case 3:
      return ColumnPredicate::NotEqual(column, image());
    case 4: {
      std::vector<int64_t> values;
      for (uint64_t i = 0; i <= random() % 20; ++i) values.push_back(image());
      return ColumnPredicate::In(column, values, random() % 3 == 0);
    }
    default: {
      std::vector<int64_t> values;
      for (uint64_t i = 0; i <= random() % 3000; ++i) values.push_back(image());
      return ColumnPredicate::Member(column, MembershipFilter::Of(values));
    }
  }
}

TEST_CASE("what was stored comes back unchanged", "[storage]") {
  const uint64_t seed = GENERATE(1, 2, 3);
  const int count = GENERATE(1, 100, 2048, 2049, 70000);
  CAPTURE(seed, count);
  std::mt19937_64 random(seed);
  OneSlice slice;
  slice.Create();
  const auto rows = TableModel::RandomRows(random, 0, count);
  slice.Insert(rows);
  const auto found = slice.Scan(slice.Now());
  REQUIRE(found.size() == rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t c = 0; c < rows[i].size(); ++c) {
      const Value& a = found[i][c];
      const Value& b = rows[i][c];
      if (a == b) continue;
      // NaN differs from itself, -0 from 0 only in its bits.
      CAPTURE(i, c, a.ToString(), b.ToString());
      REQUIRE(a.is_null() == b.is_null());
      REQUIRE((std::isnan(a.floating()) && std::isnan(b.floating())));
    }
  }
}

TEST_CASE("predicates keep what a naive evaluator keeps", "[storage]") {
  const uint64_t seed = GENERATE(range(10, 16));
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  OneSlice slice;
  slice.Create(seed % 2 == 0 ? std::vector<int>{} : std::vector<int>{2, 0});
  std::vector<ModelRow> rows;
  for (int part : {66000, 3000, 17, 5000}) {
    auto more = TableModel::RandomRows(random, static_cast<int64_t>(rows.size()), part);
    slice.Insert(more);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  if (seed % 3 == 0) {
    // Rows deleted at random must not come back through any path.
    auto t = slice.Begin();
    std::vector<int64_t> victims;
    std::vector<bool> gone(rows.size());
    for (const ModelRow& row : slice.Scan(slice.Now())) {
      if (random() % 5 != 0) continue;
      victims.push_back(row.back().integer());
      gone[row[0].integer()] = true;
    }
    auto deleted = slice.store.FindForWrite(t->xid(), OneSlice::kTable)->Delete(t->xid(), victims);
    REQUIRE(deleted.ok());
    REQUIRE(*deleted == static_cast<int64_t>(victims.size()));
    REQUIRE(slice.manager.Commit(*t).ok());
    std::vector<ModelRow> left;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!gone[i]) left.push_back(rows[i]);
    }
    rows = left;
  }
  for (int round = 0; round < 40; ++round) {
    std::vector<ColumnPredicate> predicates;
    for (uint64_t i = 0; i <= random() % 3; ++i)
      predicates.push_back(RandomPredicate(random, rows));
    std::vector<int64_t> wanted;
    for (const ModelRow& row : rows) {
      if (std::all_of(predicates.begin(), predicates.end(),
                      [&](const auto& p) { return Passes(p, row[p.column]); })) {
        wanted.push_back(row[0].integer());
      }
    }
    std::vector<int64_t> found;
    bool has_membership = false;
    for (const auto& p : predicates) has_membership |= p.kind == PredicateKind::kMembership;
    std::string shape;
    for (const auto& p : predicates) {
      shape += std::to_string(static_cast<int>(p.kind)) + " on " + std::to_string(p.column) + "; ";
    }
    CAPTURE(round, shape);
    for (const ModelRow& row : slice.Scan(slice.Now(), predicates)) {
      found.push_back(row[0].integer());
    }
    std::sort(found.begin(), found.end());
    std::sort(wanted.begin(), wanted.end());
    if (has_membership) {
      // A filter that lets most rows pass may be dropped on the way.
      REQUIRE(std::includes(found.begin(), found.end(), wanted.begin(), wanted.end()));
    } else {
      REQUIRE(found == wanted);
    }
  }
}

TEST_CASE("zone maps and sorted blocks let a scan skip", "[storage]") {
  std::mt19937_64 random(5);
  OneSlice slice;
  slice.Create({0});
  auto rows = TableModel::RandomRows(random, 0, 200000);
  std::shuffle(rows.begin(), rows.end(), random);
  slice.Insert(rows);
  ScanCounters counters;
  const auto found = slice.Scan(slice.Now(), {ColumnPredicate::Range(0, 70000, 70010)}, &counters);
  CHECK(found.size() == 11);
  CHECK(counters.groups_skipped == counters.groups - 1);
  CHECK(counters.rows_evaluated == 0);  // binary search decided
  slice.Scan(slice.Now(), {ColumnPredicate::Range(2, 8000, 8010)}, &counters);
  CHECK(counters.rows_evaluated <= 2048);
}

TEST_CASE("string columns share one dictionary over all groups", "[storage]") {
  std::mt19937_64 random(6);
  OneSlice slice;
  slice.Create();
  slice.Insert(TableModel::RandomRows(random, 0, 140000));
  ScanOptions options;
  options.outputs = {{9, types::PhysicalType::kString}, {10, types::PhysicalType::kString}};
  ShardScan scan(slice.shard().version(), slice.Now(), options);
  auto reader = scan.NewReader();
  column::Batch batch;
  const column::Dictionary* dictionary = nullptr;
  int batches = 0;
  while (*reader->Next(&batch)) {
    REQUIRE(batch.columns[0].is_dictionary());
    REQUIRE_FALSE(batch.columns[1].is_dictionary());
    if (dictionary != nullptr) REQUIRE(batch.columns[0].dictionary().get() == dictionary);
    dictionary = batch.columns[0].dictionary().get();
    ++batches;
  }
  CHECK(dictionary->entries.size() == 8);
  CHECK(dictionary->distinct);
  CHECK(batches == (140000 + 2047) / 2048);
}

TEST_CASE("a filter over keys of another kind hides no row", "[storage]") {
  std::mt19937_64 random(8);
  OneSlice slice;
  slice.Create();
  slice.Insert(TableModel::RandomRows(random, 0, 5000));
  const std::vector<int64_t> numbers = {1, 2, 3};
  const std::vector<uint64_t> hashes = {1, 2, 3};
  CHECK(slice.Scan(slice.Now(), {ColumnPredicate::Member(11, MembershipFilter::Of(numbers))})
            .size() == 5000);
  CHECK(
      slice
          .Scan(slice.Now(), {ColumnPredicate::Member(0, MembershipFilter::OfStringHashes(hashes))})
          .size() == 5000);
}

TEST_CASE("several readers of a scan share its groups", "[storage]") {
  std::mt19937_64 random(7);
  OneSlice slice;
  slice.Create();
  slice.Insert(TableModel::RandomRows(random, 0, 150000));
  ScanOptions options;
  options.outputs = {{0, types::PhysicalType::kInt64}};
  ShardScan scan(slice.shard().version(), slice.Now(), options);
  auto a = scan.NewReader();
  auto b = scan.NewReader();
  std::vector<int64_t> ids;
  column::Batch batch;
  for (bool more_a = true, more_b = true; more_a || more_b;) {
    for (auto* reader : {a.get(), b.get()}) {
      bool& more = reader == a.get() ? more_a : more_b;
      if (!more || !(more = *reader->Next(&batch))) continue;
      const int64_t* values = batch.columns[0].data<int64_t>();
      ids.insert(ids.end(), values, values + batch.rows);
    }
  }
  std::sort(ids.begin(), ids.end());
  REQUIRE(ids.size() == 150000);
  CHECK(ids.front() == 0);
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
}

TEST_CASE("a proof that a wide decimal fits is checked when it is used", "[storage]") {
  OneSlice slice;
  slice.Create({}, {Type::Decimal(38, 0)});
  const Type type = Type::Decimal(38, 0);
  slice.Insert({{Value::OfInteger(type, 5)}, {Value::OfInteger(type, -7)}});
  CHECK(slice.shard().Bounds()[0].FitsInt64());
  ScanOptions options;
  options.outputs = {{0, types::PhysicalType::kInt64}};
  column::Batch batch;
  {
    ShardScan scan(slice.shard().version(), slice.Now(), options);
    REQUIRE(*scan.NewReader()->Next(&batch));
    CHECK(batch.columns[0].data<int64_t>()[1] == -7);
  }
  slice.Insert({{Value::OfInteger(type, static_cast<int128_t>(INT64_MAX) + 1)}});
  CHECK_FALSE(slice.shard().Bounds()[0].FitsInt64());
  ShardScan scan(slice.shard().version(), slice.Now(), options);
  auto reader = scan.NewReader();
  absl::StatusOr<bool> more = reader->Next(&batch);
  while (more.ok() && *more) more = reader->Next(&batch);
  CHECK_FALSE(more.ok());
}

}  // namespace
}  // namespace vesto::storage
