#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"
#include "storage/compression_estimate.h"
#include "storage/shard_scan.h"

// ANALYZE COMPRESSION [table [(columns)]] [COMPROWS n]: a row of advice for each column.
// Source: redshift/statements.md M.
namespace vesto::commands {
namespace {

constexpr int64_t kRowsPerSlice = 100'000;

// The encoding that fits a sample of the column's rows best, `rows_per_slice` of each slice.
absl::StatusOr<storage::CompressionEstimate::Best> Estimate(const catalog::TableEntry& table,
                                                            int column, int64_t rows_per_slice,
                                                            CommandContext& context) {
  const Type& type = table.columns[column].type;
  storage::CompressionEstimate estimate(type);
  const bool replicated = table.design.dist_style == types::DistStyle::kAll;
  for (int slice = 0; slice < (replicated ? 1 : context.shards.num_slices()); ++slice) {
    const auto shard = context.shards.store(slice).Find(table.oid);
    if (shard == nullptr) continue;
    storage::ScanOptions options;
    options.outputs.push_back({column, types::DefaultPhysicalType(type)});
    storage::ShardScan scan(shard->version(), context.snapshot(), std::move(options));
    const auto reader = scan.NewReader();
    column::Batch batch;
    for (int64_t rows = 0; rows < rows_per_slice;) {
      if (context.cancellation != nullptr) VESTO_RETURN_IF_ERROR(context.cancellation->status());
      VESTO_ASSIGN_OR_RETURN(const bool more, reader->Next(&batch));
      if (!more) break;
      const int count = static_cast<int>(std::min<int64_t>(batch.rows, rows_per_slice - rows));
      estimate.Add(batch.columns[0], count);
      rows += count;
    }
  }
  return estimate.Finish();
}

}  // namespace

std::vector<binder::ResultColumn> AnalyzeCompressionColumns() {
  const Type text = Type::Varchar(128);
  return {{"Table", text},
          {"Column", text},
          {"Encoding", text},
          {"Est_reduction_pct", Type::Decimal(5, 2)}};
}

Result RunAnalyzeCompression(const sql::AnalyzeStatement& node, int offset,
                             CommandContext& context) {
  int64_t rows_per_slice = kRowsPerSlice;
  if (node.sample_rows.has_value()) {
    if (*node.sample_rows < 1000 || *node.sample_rows > 1'000'000'000) {
      return SqlError(SqlState::kInvalidParameterValue,
                      "COMPROWS must be a number from 1000 to 1000000000")
          .At(offset);
    }
    rows_per_slice =
        std::max(rows_per_slice, *node.sample_rows / context.shards.num_slices());
  }
  std::vector<catalog::TablePtr> tables;
  if (!node.table.empty()) {
    VESTO_ASSIGN_OR_RETURN(catalog::TablePtr table, FindTable(node.table, context, offset));
    VESTO_RETURN_IF_ERROR(
        context.Rights().CheckOwner(security::Target::kRelation, table->owner, table->name));
    tables.push_back(std::move(table));
  } else {
    for (const catalog::TablePtr& table : context.catalog->tables()) {
      if (!table->temporary && context.Rights().Owns(table->owner)) tables.push_back(table);
    }
    std::sort(tables.begin(), tables.end(),
              [](const auto& a, const auto& b) { return a->name < b->name; });
  }
  CommandResult result;
  for (const catalog::TablePtr& table : tables) {
    std::vector<int> columns;
    for (const std::string& name : node.columns) {
      columns.push_back(table->FindColumn(name));
      if (columns.back() < 0) {
        return SqlError(SqlState::kUndefinedColumn,
                        absl::StrCat("column \"", name, "\" of relation \"", table->name,
                                     "\" does not exist"))
            .At(offset);
      }
    }
    for (size_t i = 0; node.columns.empty() && i < table->columns.size(); ++i) {
      columns.push_back(static_cast<int>(i));
    }
    // Rows may be read meanwhile, but not changed.
    VESTO_RETURN_IF_ERROR(
        Lock(*table, txn::LockMode::kShareRowExclusive, context, /*writes=*/false));
    for (const int column : columns) {
      const catalog::ColumnEntry& entry = table->columns[column];
      const auto& keys = table->design.sort_keys;
      storage::CompressionEstimate::Best best{entry.encoding, 0};
      // A sort key keeps what it has: scans skip blocks by it best when it is not compressed.
      if (std::find(keys.begin(), keys.end(), column) == keys.end()) {
        VESTO_ASSIGN_OR_RETURN(best, Estimate(*table, column, rows_per_slice, context));
      } else if (best.encoding == types::Encoding::kAuto) {
        best.encoding = types::Encoding::kRaw;
      }
      result.rows.push_back(
          {Value::Varchar(table->name), Value::Varchar(entry.name),
           Value::Varchar(std::string(types::EncodingName(best.encoding))),
           Value::OfInteger(Type::Decimal(5, 2), std::llround(best.reduction * 10000))});
    }
  }
  return result;
}

}  // namespace vesto::commands
