#include <algorithm>
#include <map>
#include <thread>

#include "base/status_macros.h"
#include "table_model.h"

namespace vesto::storage {
namespace {

using column::ColumnPredicate;

std::vector<int64_t> RowIds(const std::vector<ModelRow>& rows) {
  std::vector<int64_t> ids;
  for (const ModelRow& row : rows) ids.push_back(row.back().integer());
  return ids;
}

TEST_CASE("rows are seen from their commit to their delete's commit", "[storage]") {
  std::mt19937_64 random(1);
  OneSlice slice;
  slice.Create();
  auto writer = slice.Begin();
  slice.Append(*writer, TableModel::RandomRows(random, 0, 10));
  const Snapshot before = slice.Now();
  CHECK(slice.Ids(before).empty());
  Snapshot own = before;
  own.own = writer->xid();
  CHECK(slice.Ids(own).size() == 10);
  REQUIRE(slice.manager.Commit(*writer).ok());
  auto holder = slice.manager.Begin(9);
  const Snapshot after = slice.manager.TakeSnapshot(*holder);
  CHECK(slice.Ids(after).size() == 10);

  auto deleter = slice.Begin();
  auto victims = RowIds(slice.Scan(slice.Now(), {ColumnPredicate::Range(0, 3, 5)}));
  victims.push_back(victims.front());  // a row named twice counts once
  auto shard = slice.store.FindForWrite(deleter->xid(), OneSlice::kTable);
  auto deleted = shard->Delete(deleter->xid(), victims);
  REQUIRE(deleted.ok());
  CHECK(*deleted == 3);
  CHECK(slice.Ids(slice.Now()).size() == 10);
  Snapshot of_deleter = slice.Now();
  of_deleter.own = deleter->xid();
  CHECK(slice.Ids(of_deleter).size() == 7);
  REQUIRE(slice.manager.Commit(*deleter).ok());
  CHECK(slice.Ids(slice.Now()) == std::vector<int64_t>{0, 1, 2, 6, 7, 8, 9});
  CHECK(slice.Ids(after).size() == 10);  // the older snapshot still sees them
  REQUIRE(slice.manager.Commit(*holder).ok());
}

TEST_CASE("a rolled-back transaction leaves nothing", "[storage]") {
  std::mt19937_64 random(2);
  OneSlice slice;
  slice.Create({0});
  slice.Insert(TableModel::RandomRows(random, 0, 3000));
  const auto before = slice.Ids(slice.Now());
  auto t = slice.Begin();
  auto shard = slice.store.FindForWrite(t->xid(), OneSlice::kTable);
  slice.Append(*t, TableModel::RandomRows(random, 5000, 100));
  REQUIRE(shard->Delete(t->xid(), RowIds(slice.Scan(slice.Now()))).ok());
  SECTION("after DML") {}
  SECTION("after TRUNCATE") {
    REQUIRE(shard->Truncate(t->xid()).ok());
    slice.Append(*t, TableModel::RandomRows(random, 9000, 100));
  }
  SECTION("after ALTER TABLE") {
    REQUIRE(shard->AddColumn(t->xid(), Type::Integer(), Value::Integer(7)).ok());
    REQUIRE(shard->DropColumn(t->xid(), 0).ok());
  }
  SECTION("after VACUUM") {
    Snapshot snapshot = slice.Now();
    snapshot.own = t->xid();
    REQUIRE(shard->Vacuum(t->xid(), snapshot, VacuumMode::kFull).ok());
  }
  slice.manager.Abort(*t);
  CHECK(slice.Ids(slice.Now()) == before);
  CHECK(shard->shape()->columns.size() == TableModel::Types().size());
  CHECK(shard->version()->sorted_groups == 1);
}

TEST_CASE("many small inserts do not leave many groups", "[storage]") {
  std::mt19937_64 random(3);
  OneSlice slice;
  slice.Create();
  for (int i = 0; i < 1500; ++i) slice.Insert({TableModel::RandomRow(random, i)});
  CHECK(slice.shard().version()->groups.size() < 64);
  auto ids = slice.Ids(slice.Now());
  REQUIRE(ids.size() == 1500);
  CHECK(std::is_sorted(ids.begin(), ids.end()));
}

TEST_CASE("an old snapshot keeps what it sees through deletes, merges and vacuums", "[storage]") {
  std::mt19937_64 random(4);
  OneSlice slice;
  slice.Create({0});
  slice.Insert(TableModel::RandomRows(random, 0, 5000));
  auto old = slice.manager.Begin(2);
  const Snapshot snapshot = slice.manager.TakeSnapshot(*old);
  const auto seen = slice.Ids(snapshot);
  for (int i = 0; i < 40; ++i) slice.Insert({TableModel::RandomRow(random, 10000 - i)});
  {
    auto t = slice.Begin();
    auto shard = slice.store.FindForWrite(t->xid(), OneSlice::kTable);
    REQUIRE(
        shard
            ->Delete(t->xid(), RowIds(slice.Scan(slice.Now(), {ColumnPredicate::Range(0, 0, 999)})))
            .ok());
    REQUIRE(slice.manager.Commit(*t).ok());
  }
  {
    auto t = slice.Begin();
    auto shard = slice.store.FindForWrite(t->xid(), OneSlice::kTable);
    auto result = shard->Vacuum(t->xid(), slice.manager.TakeSnapshot(*t), VacuumMode::kFull);
    REQUIRE(result.ok());
    CHECK(result->rows_removed == 1000);
    REQUIRE(slice.manager.Commit(*t).ok());
  }
  CHECK(slice.Ids(snapshot) == seen);
  auto now = slice.Ids(slice.Now());
  CHECK(now.size() == 4040);
  CHECK(std::is_sorted(now.begin(), now.end()));
  REQUIRE(slice.manager.Commit(*old).ok());
  slice.Insert({TableModel::RandomRow(random, 20000)});  // its end tidies
  CHECK(slice.shard().version()->groups.size() == 2);
  CHECK(slice.shard().Statistics(slice.Now()).dead_rows == 0);
}

TEST_CASE("loads are sorted by the sort key and the sorted region grows", "[storage]") {
  std::mt19937_64 random(5);
  OneSlice slice;
  slice.Create({2, 0});
  auto rows = TableModel::RandomRows(random, 0, 90000);
  std::shuffle(rows.begin(), rows.end(), random);
  slice.Insert(rows);
  CHECK(slice.shard().version()->sorted_groups == 2);
  const auto found = slice.Scan(slice.Now());
  for (size_t i = 1; i < found.size(); ++i) {
    const auto key = [&](const ModelRow& row) {
      return std::pair(row[2].integer(), row[0].integer());
    };
    REQUIRE(key(found[i - 1]) < key(found[i]));
  }
  slice.Insert(TableModel::RandomRows(random, 1'000'000, 5000));  // later days
  CHECK(slice.shard().version()->sorted_groups == 3);
  slice.Insert(TableModel::RandomRows(random, 0, 5000));  // earlier days
  CHECK(slice.shard().version()->sorted_groups == 3);
  const ShardStatistics statistics = slice.shard().Statistics(slice.Now());
  CHECK(statistics.rows == 100000);
  CHECK(statistics.sorted_rows == 95000);
  CHECK(statistics.columns[1].distinct.Estimate() == Approx(7).margin(0.5));
  CHECK(statistics.columns[9].distinct.Estimate() == Approx(8).margin(0.5));
  CHECK(statistics.columns[0].distinct.Estimate() == Approx(95000).epsilon(0.1));
  CHECK(statistics.columns[3].null_count > 20000);
}

TEST_CASE("a load of several runs is a stable sort of its rows", "[storage]") {
  const auto keys = GENERATE(values<std::vector<int>>({{3}, {9, 3}, {4}, {1, 8, 2}, {11}}));
  std::mt19937_64 random(keys[0]);
  OneSlice slice;
  slice.Create(keys);
  auto rows = TableModel::RandomRows(random, 0, 150000);
  const auto types = TableModel::Types();
  for (size_t i = 0; i < rows.size(); ++i) {
    // Blocks of one column take different forms from run to run: numbers of 64 and of 128 bits,
    // dictionary codes and raw strings; and some merged groups hold nothing but NULL.
    if (i < 70000) rows[i][5] = Value::OfInteger(types[5], static_cast<int128_t>(i % 100));
    if (i < 70000) rows[i][10] = Value::OfText(types[10], "a long text " + std::to_string(i % 9));
    if (i >= 131072) rows[i][1] = Value::OfInteger(types[1], 5);
    if (rows[i][3].is_null()) rows[i][9] = Value::Null(types[9]);
  }
  slice.Insert(rows);
  CHECK(slice.shard().version()->groups.size() == 3);
  CHECK(slice.shard().version()->sorted_groups == 3);
  std::stable_sort(rows.begin(), rows.end(), [&](const ModelRow& a, const ModelRow& b) {
    for (const int key : keys) {
      if (a[key].is_null() != b[key].is_null()) return b[key].is_null();
      if (a[key].is_null() || a[key] == b[key]) continue;
      if (a[key].type().id == TypeId::kVarchar || a[key].type().id == TypeId::kChar) {
        return a[key].text() < b[key].text();
      }
      return a[key].integer() < b[key].integer();
    }
    return false;
  });
  const auto found = slice.Scan(slice.Now());
  REQUIRE(found.size() == rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t c = 0; c < rows[i].size(); ++c) {
      if (found[i][c] == rows[i][c]) continue;
      CAPTURE(i, c, found[i][c].ToString(), rows[i][c].ToString());
      REQUIRE(found[i][c].is_null() == rows[i][c].is_null());
      REQUIRE((std::isnan(found[i][c].floating()) && std::isnan(rows[i][c].floating())));
    }
  }
}

TEST_CASE("a load in sort key order is stored as it comes", "[storage]") {
  std::mt19937_64 random(11);
  OneSlice slice;
  slice.Create({0});
  slice.Insert(TableModel::RandomRows(random, 0, 140000));
  const auto version = slice.shard().version();
  REQUIRE(version->groups.size() == 3);
  CHECK(version->sorted_groups == 3);
  CHECK(version->groups[2].group->rows == 140000 - 2 * kRowGroupRows);
}

TEST_CASE("a load keeps its rows encoded, not its batches", "[storage]") {
  OneSlice slice;
  slice.Create({1}, {Type::Bigint(), Type::Integer(), Type::Varchar(100)});
  auto t = slice.Begin();
  auto appender = slice.store.FindForWrite(t->xid(), OneSlice::kTable)->NewAppender(t->xid());
  constexpr int kRows = 1 << 20;
  for (int64_t row = 0; row < kRows;) {
    column::Batch batch;
    batch.rows = column::kBatchRows;
    for (const Type& type : slice.shard().shape()->columns) {
      batch.columns.push_back(column::Vector::Flat(type));
    }
    for (int i = 0; i < batch.rows; ++i, ++row) {
      batch.columns[0].mutable_data<int64_t>()[i] = row;
      batch.columns[1].mutable_data<int32_t>()[i] = static_cast<int32_t>(row * 7919 % 10007);
      batch.columns[2].SetValue(i, Value::OfText(Type::Varchar(100), "a text that repeats often"));
    }
    REQUIRE(appender->Append(batch).ok());
  }
  REQUIRE(appender->Finish().ok());
  REQUIRE(slice.manager.Commit(*t).ok());
  // Encoded 4 + 2 + 0 bytes a row, once more while one column moves, and 40 while rows are sorted;
  // as batches it would be 28 and the text.
  CHECK(slice.pool.peak() < kRows * 60);
  CHECK(slice.pool.used() < kRows * 10);
}

TEST_CASE("TRUNCATE and new rows commit together", "[storage]") {
  std::mt19937_64 random(6);
  OneSlice slice;
  slice.Create({0});
  slice.Insert(TableModel::RandomRows(random, 100, 50));
  auto t = slice.Begin();
  auto shard = slice.store.FindForWrite(t->xid(), OneSlice::kTable);
  REQUIRE(shard->Truncate(t->xid()).ok());
  slice.Append(*t, TableModel::RandomRows(random, 0, 5));
  CHECK(slice.Ids(slice.Now()).size() == 50);
  REQUIRE(slice.manager.Commit(*t).ok());
  CHECK(slice.Ids(slice.Now()).size() == 5);
  CHECK(shard->version()->groups.size() == 1);
  CHECK(shard->version()->sorted_groups == 1);
}

TEST_CASE("columns come, go and widen", "[storage]") {
  std::mt19937_64 random(7);
  OneSlice slice;
  slice.Create();
  slice.Insert(TableModel::RandomRows(random, 0, 70000));
  auto t = slice.Begin();
  auto shard = slice.store.FindForWrite(t->xid(), OneSlice::kTable);
  REQUIRE(
      shard->AddColumn(t->xid(), Type::Varchar(10), Value::OfText(Type::Varchar(10), "new")).ok());
  REQUIRE(shard->AddColumn(t->xid(), Type::Integer(), Value::Null(Type::Integer())).ok());
  REQUIRE(shard->DropColumn(t->xid(), 5).ok());
  REQUIRE(shard->AlterType(t->xid(), 8, Type::Varchar(100)).ok());
  CHECK_FALSE(shard->AlterType(t->xid(), 8, Type::Integer()).ok());
  REQUIRE(slice.manager.Commit(*t).ok());
  const auto rows = slice.Scan(
      slice.Now(), {ColumnPredicate::StringEqual(11, "new "), ColumnPredicate::IsNull(12)});
  CHECK(rows.size() == 70000);
  CHECK(rows[5][12].is_null());
  CHECK(shard->shape()->columns[8].length == 100);
}

TEST_CASE("deleting a row that another transaction deleted is 1023", "[storage]") {
  std::mt19937_64 random(8);
  OneSlice slice;
  slice.Create();
  slice.Insert(TableModel::RandomRows(random, 0, 10));
  const auto ids = RowIds(slice.Scan(slice.Now()));
  auto a = slice.Begin(), b = slice.Begin();
  REQUIRE(slice.store.FindForWrite(a->xid(), OneSlice::kTable)->Delete(a->xid(), ids).ok());
  REQUIRE(slice.manager.Commit(*a).ok());
  auto second = slice.store.FindForWrite(b->xid(), OneSlice::kTable)->Delete(b->xid(), ids);
  REQUIRE_FALSE(second.ok());
  CHECK(from_sv(second.status().message()) == "1023");
  slice.manager.Abort(*b);
}

TEST_CASE("storage charges its pool and gives everything back", "[storage]") {
  std::mt19937_64 random(9);
  base::MemoryPool pool("slice", 0);
  {
    TableShard shard(1, {TableModel::Types(), {}}, &pool);
    const auto batch =
        TableModel::ToBatch(TableModel::Types(), TableModel::RandomRows(random, 0, 2000));
    REQUIRE(shard.Append(1000, batch).ok());
    CHECK(pool.used() > 2000 * 20);
  }
  CHECK(pool.used() == 0);
  base::MemoryPool small("slice", 1000);
  TableShard shard(1, {TableModel::Types(), {}}, &small);
  const auto batch =
      TableModel::ToBatch(TableModel::Types(), TableModel::RandomRows(random, 0, 2000));
  CHECK(SqlStateOf(shard.Append(1000, batch)) == SqlState::kOutOfMemory);
  CHECK(small.used() == 0);
}

TEST_CASE("random histories agree with a model", "[storage]") {
  const uint64_t seed = GENERATE(range(100, 106));
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  OneSlice slice;
  slice.Create(seed % 2 == 0 ? std::vector<int>{0} : std::vector<int>{});
  std::map<int64_t, bool> model;  // id -> present
  int64_t next_id = 0;
  std::vector<std::pair<std::unique_ptr<txn::Transaction>, std::vector<int64_t>>> holders;
  auto ids_of_model = [&] {
    std::vector<int64_t> ids;
    for (const auto& [id, present] : model) {
      if (present) ids.push_back(id);
    }
    return ids;
  };
  auto sorted_ids = [&](const Snapshot& snapshot) {
    auto ids = slice.Ids(snapshot);
    std::sort(ids.begin(), ids.end());
    return ids;
  };
  for (int step = 0; step < 60; ++step) {
    auto t = slice.Begin();
    auto changed = model;
    auto shard = slice.store.FindForWrite(t->xid(), OneSlice::kTable);
    Snapshot snapshot = slice.manager.TakeSnapshot(*t);
    snapshot.own = t->xid();
    for (uint64_t i = 0; i <= random() % 3; ++i) {
      switch (random() % 8) {
        case 0:
        case 1:
        case 2:
        case 3: {
          const int count =
              static_cast<int>(random() % 4 == 0 ? random() % 5000 : random() % 20 + 1);
          slice.Append(*t, TableModel::RandomRows(random, next_id, count));
          for (int r = 0; r < count; ++r) changed[next_id++] = true;
          break;
        }
        case 4:
        case 5: {
          const int64_t low = static_cast<int64_t>(random() % (next_id + 1));
          const int64_t high = low + static_cast<int64_t>(random() % 500);
          auto rows = slice.Scan(snapshot, {ColumnPredicate::Range(0, low, high)});
          REQUIRE(shard->Delete(t->xid(), RowIds(rows)).ok());
          for (auto& [id, present] : changed) present &= id < low || id > high;
          break;
        }
        case 6:
          if (random() % 3 == 0) {
            REQUIRE(shard->Truncate(t->xid()).ok());
            for (auto& [id, present] : changed) present = false;
          }
          break;
        default:
          REQUIRE(shard->Vacuum(t->xid(), snapshot, VacuumMode::kFull).ok());
          break;
      }
    }
    if (random() % 4 == 0) {
      slice.manager.Abort(*t);
    } else {
      REQUIRE(slice.manager.Commit(*t).ok());
      model = changed;
    }
    REQUIRE(sorted_ids(slice.Now()) == ids_of_model());
    if (random() % 6 == 0) {
      auto holder = slice.manager.Begin(5);
      slice.manager.TakeSnapshot(*holder);
      holders.emplace_back(std::move(holder), ids_of_model());
    }
    if (!holders.empty() && random() % 5 == 0) {
      REQUIRE(sorted_ids(holders.front().first->snapshot()) == holders.front().second);
      REQUIRE(slice.manager.Commit(*holders.front().first).ok());
      holders.erase(holders.begin());
    }
  }
  for (auto& [holder, ids] : holders) {
    REQUIRE(sorted_ids(holder->snapshot()) == ids);
    REQUIRE(slice.manager.Commit(*holder).ok());
  }
}

TEST_CASE("readers and a writer work at the same time", "[storage]") {
  std::mt19937_64 random(11);
  OneSlice slice;
  slice.Create();
  std::vector<column::Batch> batches;
  for (int i = 0; i < 20; ++i) {
    batches.push_back(
        TableModel::ToBatch(TableModel::Types(), TableModel::RandomRows(random, i * 700, 700)));
  }
  std::atomic<bool> done{false};
  std::atomic<int> failures{0};
  std::vector<std::thread> readers;
  for (int r = 0; r < 2; ++r) {
    readers.emplace_back([&] {
      while (!done) {
        auto t = slice.manager.Begin(1);
        const Snapshot snapshot = slice.manager.TakeSnapshot(*t);
        ScanOptions options;
        options.outputs = {{0, types::PhysicalType::kInt64}, {9, types::PhysicalType::kString}};
        options.predicates = {ColumnPredicate::StringEqual(9, "RAIL", true)};
        ShardScan scan(slice.shard().version(), snapshot, options);
        auto reader = scan.NewReader();
        column::Batch batch;
        while (*reader->Next(&batch)) {
          for (int i = 0; i < batch.rows; ++i) {
            if (batch.columns[1].StringAt(i).view() == "RAIL") ++failures;
          }
        }
        slice.shard().Statistics(snapshot);
        if (slice.shard().version()->CountRows(snapshot) % 700 != 0) ++failures;
        if (!slice.manager.Commit(*t).ok()) ++failures;
      }
    });
  }
  for (const auto& batch : batches) {
    auto t = slice.Begin();
    if (!slice.store.FindForWrite(t->xid(), OneSlice::kTable)->Append(t->xid(), batch).ok()) {
      ++failures;
    }
    if (!slice.manager.Commit(*t).ok()) ++failures;
  }
  done = true;
  for (auto& reader : readers) reader.join();
  CHECK(failures == 0);
  CHECK(slice.Ids(slice.Now()).size() == 14000);
}

}  // namespace
}  // namespace vesto::storage
