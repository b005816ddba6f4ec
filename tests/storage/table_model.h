#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "column/predicate.h"
#include "storage/shard_scan.h"
#include "storage/shard_store.h"
#include "support/status.h"
#include "txn/transaction_manager.h"

namespace vesto::storage {

using ModelRow = std::vector<Value>;

// Rows of a table with many kinds of columns, and batches made of them.
struct TableModel {
  // id (unique), small domain, sorted day, nullable smallint, decimal(12,2), decimal(38,0) with
  // values beyond 64 bits, double with NaN, real, boolean, few strings, many strings, char.
  static std::vector<Type> Types() {
    return {Type::Bigint(),       Type::Integer(),      Type::Date(),      Type::Smallint(),
            Type::Decimal(12, 2), Type::Decimal(38, 0), Type::Double(),    Type::Real(),
            Type::Boolean(),      Type::Varchar(20),    Type::Varchar(60), Type::Char(8)};
  }

  static ModelRow RandomRow(std::mt19937_64& random, int64_t id) {
    auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
    const std::vector<Type> types = Types();
    ModelRow row;
    row.push_back(Value::OfInteger(types[0], id));
    row.push_back(Value::OfInteger(types[1], below(7) - 3));
    row.push_back(Value::OfInteger(types[2], 8000 + id / 50 + below(3)));
    row.push_back(below(4) == 0 ? Value::Null(types[3])
                                : Value::OfInteger(types[3], below(65536) - 32768));
    row.push_back(Value::OfInteger(types[4], below(1'000'000'000)));
    int128_t wide = static_cast<int128_t>(static_cast<int64_t>(random()));
    if (below(3) == 0) wide *= 1'000'000'000'000LL;
    row.push_back(below(50) == 0 ? Value::Null(types[5]) : Value::OfInteger(types[5], wide));
    const double number = below(20) == 0   ? std::nan("")
                          : below(20) == 0 ? -0.0
                                           : static_cast<double>(below(2000) - 1000) / 8;
    row.push_back(below(30) == 0 ? Value::Null(types[6]) : Value::OfDouble(types[6], number));
    row.push_back(Value::OfDouble(types[7], static_cast<float>(below(100)) / 4));
    row.push_back(below(10) == 0 ? Value::Null(types[8]) : Value::OfInteger(types[8], below(2)));
    static const char* const kFew[] = {"AIR",  "RAIL", "SHIP",    "TRUCK",
                                       "MAIL", "FOB",  "REG AIR", ""};
    row.push_back(below(9) == 0 ? Value::Null(types[9]) : Value::OfText(types[9], kFew[below(8)]));
    std::string text = "row " + std::to_string(below(1'000'000'000));
    if (below(5) == 0) text += " special packages";
    if (below(7) == 0) text += "  ";
    row.push_back(below(40) == 0 ? Value::Null(types[10]) : Value::OfText(types[10], text));
    row.push_back(Value::OfText(types[11], "c" + std::to_string(below(300))));
    return row;
  }

  static column::Batch ToBatch(const std::vector<Type>& types, const std::vector<ModelRow>& rows) {
    column::Batch batch;
    batch.rows = static_cast<int>(rows.size());
    for (size_t c = 0; c < types.size(); ++c) {
      column::Vector vector = column::Vector::Flat(types[c]);
      for (size_t i = 0; i < rows.size(); ++i) vector.SetValue(static_cast<int>(i), rows[i][c]);
      batch.columns.push_back(std::move(vector));
    }
    return batch;
  }

  static std::vector<ModelRow> RandomRows(std::mt19937_64& random, int64_t first_id, int count) {
    std::vector<ModelRow> rows;
    for (int i = 0; i < count; ++i) rows.push_back(RandomRow(random, first_id + i));
    return rows;
  }
};

// One slice with its transactions.
struct OneSlice {
  base::MemoryPool pool{"test", 0};
  txn::TransactionManager manager;
  ShardStore store{&pool};
  static constexpr uint32_t kTable = 100;

  OneSlice() { manager.AddParticipant(&store); }

  std::unique_ptr<txn::Transaction> Begin() {
    auto transaction = manager.Begin(1);
    manager.AssignXid(*transaction);
    return transaction;
  }
  void Create(std::vector<int> sort_keys = {}, std::vector<Type> types = TableModel::Types()) {
    auto t = Begin();
    REQUIRE(store.Create(t->xid(), kTable, {std::move(types), std::move(sort_keys)}).ok());
    REQUIRE(manager.Commit(*t).ok());
  }
  TableShard& shard() { return *store.Find(kTable); }

  void Append(txn::Transaction& t, const std::vector<ModelRow>& rows, bool sorted = false) {
    auto target = store.FindForWrite(t.xid(), kTable);
    auto appender = target->NewAppender(t.xid(), sorted);
    const auto types = target->shape()->columns;
    for (size_t begin = 0; begin < rows.size(); begin += column::kBatchRows) {
      const size_t end = std::min(rows.size(), begin + column::kBatchRows);
      REQUIRE(
          appender->Append(TableModel::ToBatch(types, {rows.begin() + begin, rows.begin() + end}))
              .ok());
    }
    auto count = appender->Finish();
    REQUIRE(count.ok());
    REQUIRE(*count == static_cast<int64_t>(rows.size()));
  }
  void Insert(const std::vector<ModelRow>& rows, bool sorted = false) {
    auto t = Begin();
    Append(*t, rows, sorted);
    REQUIRE(manager.Commit(*t).ok());
  }

  // All columns of the rows that pass; the last value is the row id.
  std::vector<ModelRow> Scan(const Snapshot& snapshot,
                             std::vector<column::ColumnPredicate> predicates = {},
                             ScanCounters* counters = nullptr) {
    ScanOptions options;
    const auto version = shard().version();
    for (size_t c = 0; c < version->shape->columns.size(); ++c) {
      options.outputs.push_back(
          {static_cast<int>(c), types::DefaultPhysicalType(version->shape->columns[c])});
    }
    options.predicates = std::move(predicates);
    options.emits_row_id = true;
    ShardScan scan(version, snapshot, options);
    auto reader = scan.NewReader();
    std::vector<ModelRow> rows;
    column::Batch batch;
    while (true) {
      auto more = reader->Next(&batch);
      REQUIRE(more.ok());
      if (!*more) break;
      REQUIRE(batch.rows > 0);
      REQUIRE(batch.rows <= column::kBatchRows);
      for (int i = 0; i < batch.rows; ++i) {
        ModelRow row;
        for (const auto& column : batch.columns) row.push_back(column.ValueAt(i));
        rows.push_back(std::move(row));
      }
    }
    if (counters != nullptr) *counters = reader->counters();
    return rows;
  }
  Snapshot Now() {
    auto t = manager.Begin(1);
    Snapshot snapshot = manager.TakeSnapshot(*t);
    REQUIRE(manager.Commit(*t).ok());
    return snapshot;
  }
  std::vector<int64_t> Ids(const Snapshot& snapshot) {
    std::vector<int64_t> ids;
    for (const ModelRow& row : Scan(snapshot)) ids.push_back(row[0].integer());
    return ids;
  }
};

}  // namespace vesto::storage
