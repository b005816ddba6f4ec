#include "sysview/transfers.h"

// SYS_LOAD_HISTORY: the COPYs, those that run now included. Source: system-views.md §8.
namespace vesto::sysview {

void Register_sys_sys_load_history(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_load_history";
  view.columns = {IntegerColumn("user_id"),
                  BigintColumn("query_id"),
                  BigintColumn("transaction_id"),
                  IntegerColumn("session_id"),
                  TextColumn("database_name", 65535),
                  TextColumn("status", 65535),
                  TextColumn("table_name", 65535),
                  TimestampColumn("start_time"),
                  TimestampColumn("end_time"),
                  BigintColumn("duration"),
                  TextColumn("data_source", 65535),
                  TextColumn("file_format", 65535),
                  BigintColumn("loaded_rows"),
                  BigintColumn("loaded_bytes"),
                  IntegerColumn("source_file_count"),
                  BigintColumn("source_file_bytes"),
                  IntegerColumn("file_count_scanned"),
                  BigintColumn("file_bytes_scanned"),
                  BigintColumn("error_count"),
                  BigintColumn("copy_job_id")};
  view.rows = [](const SystemState& state, Rows& rows) {
    ForEachTransfer(state, /*is_unload=*/false, [&](const Transfer& copy) {
      const telemetry::TransferCounts& counts = *copy.record.counts;
      rows.Add({Number(copy.query.userid), Number(copy.query.query),
                Number(static_cast<int64_t>(copy.query.xid)), Number(copy.query.pid),
                Text(copy.query.database), Text(copy.status()), Text(copy.record.table),
                Time(copy.query.start_micros), copy.end_time(), Number(copy.duration(state)),
                Text(copy.record.location), Text(copy.record.format),
                Number(copy.Arrived(counts.rows)), Number(copy.Arrived(counts.row_bytes)),
                Number(counts.source_files), Number(counts.source_bytes), Number(counts.files),
                Number(counts.bytes), Number(counts.errors), Number(0)});
    });
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
