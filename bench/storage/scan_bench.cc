#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <random>
#include <string>

#include "storage/shard_scan.h"
#include "storage/table_shard.h"

// Scans of one shard shaped like TPC-H lineitem, one thread. Bounds: the filters of Q6 read 2 (date)
// + 1 (discount) + 1 (quantity) bytes per row where nothing is skipped, 24 MB for 6 million rows: 1.5 ms
// at 17 GB/s, plus decoding of the 2 % that pass.
namespace vesto::storage {
namespace {

using column::Batch;
using column::ColumnPredicate;
using column::kBatchRows;
using column::Vector;

constexpr int64_t kRows = 6'000'000;
enum Column { kOrder, kPart, kShipDate, kQuantity, kPrice, kDiscount, kMode, kComment };

const std::vector<Type>& LineTypes() {
  static const std::vector<Type> types = {
      Type::Bigint(),       Type::Integer(),      Type::Date(),      Type::Decimal(12, 2),
      Type::Decimal(12, 2), Type::Decimal(12, 2), Type::Char(10),    Type::Varchar(44)};
  return types;
}

Batch MakeBatch(std::mt19937_64& random, int64_t first) {
  static const char* const kModes[] = {"AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB", "REG AIR"};
  static const char* const kWords[] = {"carefully ", "quickly ", "final ",   "deposits ",
                                       "special ",   "requests ", "ironic ", "packages "};
  Batch batch;
  batch.rows = kBatchRows;
  for (const Type& type : LineTypes()) batch.columns.push_back(Vector::Flat(type));
  for (int i = 0; i < kBatchRows; ++i) {
    batch.columns[kOrder].mutable_data<int64_t>()[i] = (first + i) / 4;
    batch.columns[kPart].mutable_data<int32_t>()[i] = static_cast<int32_t>(random() % 200000);
    batch.columns[kShipDate].mutable_data<int32_t>()[i] = 8036 + static_cast<int32_t>(random() % 2526);
    batch.columns[kQuantity].mutable_data<int64_t>()[i] = (1 + random() % 50) * 100;
    batch.columns[kPrice].mutable_data<int64_t>()[i] = 90000 + random() % 10'000'000;
    batch.columns[kDiscount].mutable_data<int64_t>()[i] = random() % 11;
    batch.columns[kMode].mutable_data<column::StringRef>()[i] =
        column::StringRef(std::string_view(kModes[random() % 7]));
    std::string comment;
    while (comment.size() < 22) comment += kWords[random() % 8];
    comment += std::to_string(random() % 1000000);
    batch.columns[kComment].mutable_data<column::StringRef>()[i] =
        batch.columns[kComment].heap().Add(comment);
  }
  return batch;
}

struct Lines {
  base::MemoryPool pool{"bench", 0};
  TableShard shard;
  explicit Lines(std::vector<int> sort_keys) : shard(1, {LineTypes(), std::move(sort_keys)}, &pool) {
    std::mt19937_64 random(42);
    auto appender = shard.NewAppender(txn::kFirstXid);
    for (int64_t first = 0; first < kRows; first += kBatchRows) {
      if (!appender->Append(MakeBatch(random, first)).ok()) std::abort();
    }
    if (!appender->Finish().ok()) std::abort();
  }
};

Lines& ByOrder() {
  static Lines lines({});
  return lines;
}

Snapshot All() {
  Snapshot snapshot;
  snapshot.next = txn::kFirstXid + 1;
  return snapshot;
}

void RunScan(benchmark::State& state, Lines& lines, const ScanOptions& options) {
  int64_t rows = 0;
  for (auto _ : state) {
    ShardScan scan(lines.shard.version(), All(), options);
    auto reader = scan.NewReader();
    Batch batch;
    rows = 0;
    while (*reader->Next(&batch)) rows += batch.rows;
    benchmark::DoNotOptimize(rows);
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.counters["rows"] = static_cast<double>(rows);
}

ScanOptions::Output Out(int column) {
  return {column, types::DefaultPhysicalType(LineTypes()[column])};
}

void Q6Unsorted(benchmark::State& state) {
  ScanOptions options;
  options.outputs = {Out(kPrice), Out(kDiscount)};
  options.predicates = {ColumnPredicate::Range(kShipDate, 8766, 9130),
                        ColumnPredicate::Range(kDiscount, 5, 7),
                        ColumnPredicate::Range(kQuantity, column::kImageMin, 2399)};
  RunScan(state, ByOrder(), options);
}
BENCHMARK(Q6Unsorted)->Unit(benchmark::kMillisecond);

void Q6ByDate(benchmark::State& state) {
  static Lines lines({kShipDate});
  ScanOptions options;
  options.outputs = {Out(kPrice), Out(kDiscount)};
  options.predicates = {ColumnPredicate::Range(kShipDate, 8766, 9130),
                        ColumnPredicate::Range(kDiscount, 5, 7),
                        ColumnPredicate::Range(kQuantity, column::kImageMin, 2399)};
  RunScan(state, lines, options);
}
BENCHMARK(Q6ByDate)->Unit(benchmark::kMillisecond);

void Q1Columns(benchmark::State& state) {
  ScanOptions options;
  options.outputs = {Out(kQuantity), Out(kPrice), Out(kDiscount), Out(kMode)};
  options.predicates = {ColumnPredicate::Range(kShipDate, column::kImageMin, 10471)};
  RunScan(state, ByOrder(), options);
}
BENCHMARK(Q1Columns)->Unit(benchmark::kMillisecond);

void FullKeys(benchmark::State& state) {
  ScanOptions options;
  options.outputs = {Out(kOrder), Out(kPart)};
  RunScan(state, ByOrder(), options);
}
BENCHMARK(FullKeys)->Unit(benchmark::kMillisecond);

// A join's bitmap of 1/100 and of 1/10 of the parts.
void PartBitmap(benchmark::State& state) {
  std::vector<int64_t> keys;
  for (int64_t key = 0; key < 200000; key += state.range(0)) keys.push_back(key);
  ScanOptions options;
  options.outputs = {Out(kOrder), Out(kPart), Out(kPrice)};
  options.predicates = {
      ColumnPredicate::Member(kPart, column::MembershipFilter::Of(keys))};
  RunScan(state, ByOrder(), options);
}
BENCHMARK(PartBitmap)->Arg(100)->Arg(10)->Unit(benchmark::kMillisecond);

void ModeIn(benchmark::State& state) {
  ScanOptions options;
  options.outputs = {Out(kOrder), Out(kMode)};
  options.predicates = {ColumnPredicate::String(
      kMode, [](std::span<const column::StringRef> strings, uint8_t* pass) {
        for (size_t i = 0; i < strings.size(); ++i) {
          pass[i] = strings[i].view() == "MAIL" || strings[i].view() == "SHIP";
        }
      })};
  RunScan(state, ByOrder(), options);
}
BENCHMARK(ModeIn)->Unit(benchmark::kMillisecond);

void CommentNotLike(benchmark::State& state) {
  ScanOptions options;
  options.outputs = {Out(kOrder)};
  auto predicate = ColumnPredicate::String(
      kComment, [](std::span<const column::StringRef> strings, uint8_t* pass) {
        for (size_t i = 0; i < strings.size(); ++i) {
          const std::string_view text = strings[i].view();
          const size_t first = text.find("special");
          pass[i] = first == std::string_view::npos ||
                    text.find("requests", first + 7) == std::string_view::npos;
        }
      });
  predicate.literal = "special";
  predicate.without_literal_passes = true;
  options.predicates = {predicate};
  RunScan(state, ByOrder(), options);
}
BENCHMARK(CommentNotLike)->Unit(benchmark::kMillisecond);

// Loading: collect, sort by date, encode. About 130 bytes of vectors per row.
void Load(benchmark::State& state) {
  std::mt19937_64 random(42);
  std::vector<Batch> batches;
  for (int i = 0; i < 500; ++i) batches.push_back(MakeBatch(random, i * kBatchRows));
  for (auto _ : state) {
    base::MemoryPool pool("load", 0);
    TableShard shard(1, {LineTypes(), state.range(0) ? std::vector<int>{kShipDate}
                                                     : std::vector<int>{}},
                     &pool);
    auto appender = shard.NewAppender(txn::kFirstXid);
    for (const Batch& batch : batches) {
      if (!appender->Append(batch).ok()) std::abort();
    }
    if (!appender->Finish().ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * 500 * kBatchRows);
}
BENCHMARK(Load)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// What a unit test's fixture pays here: a new shard, 100 rows, a scan. 20 us would be good.
void SmallTable(benchmark::State& state) {
  std::mt19937_64 random(42);
  const Batch batch = MakeBatch(random, 0).Slice(0, 100);
  base::MemoryPool pool("small", 0);
  ScanOptions options;
  options.outputs = {Out(kQuantity), Out(kPrice)};
  for (auto _ : state) {
    TableShard shard(1, {LineTypes(), {}}, &pool);
    if (!shard.Append(txn::kFirstXid, batch).ok()) std::abort();
    shard.Tidy(txn::kFirstXid + 1, true);
    ShardScan scan(shard.version(), All(), options);
    auto reader = scan.NewReader();
    Batch out;
    while (*reader->Next(&out)) benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(SmallTable)->Unit(benchmark::kMicrosecond);

// INSERT of one row, its commit's tidying included: microseconds.
void InsertOneRow(benchmark::State& state) {
  std::mt19937_64 random(42);
  const Batch batch = MakeBatch(random, 0).Slice(0, 1);
  base::MemoryPool pool("insert", 0);
  TableShard shard(1, {LineTypes(), {}}, &pool);
  Xid xid = txn::kFirstXid;
  for (auto _ : state) {
    if (!shard.Append(xid, batch).ok()) std::abort();
    shard.Tidy(++xid, true);
  }
  state.counters["groups"] = static_cast<double>(shard.version()->groups.size());
}
BENCHMARK(InsertOneRow)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace vesto::storage
