#include "sysview/transfers.h"

// SYS_UNLOAD_HISTORY: the UNLOADs, those that run now included. Source: system-views.md §8.
// Unverified: the words of file_format but "Text", and of compression_type.
namespace vesto::sysview {

void Register_sys_sys_unload_history(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_unload_history";
  view.columns = {IntegerColumn("user_id"),
                  BigintColumn("query_id"),
                  BigintColumn("transaction_id"),
                  IntegerColumn("session_id"),
                  TextColumn("database_name", 65535),
                  TextColumn("status", 65535),
                  TimestampColumn("start_time"),
                  TimestampColumn("end_time"),
                  BigintColumn("duration"),
                  TextColumn("file_format", 65535),
                  TextColumn("compression_type", 65535),
                  TextColumn("unloaded_location", 65535),
                  BigintColumn("unloaded_rows"),
                  BigintColumn("unloaded_files_count"),
                  BigintColumn("unloaded_files_size"),
                  TextColumn("error_message", 65535)};
  view.rows = [](const SystemState& state, Rows& rows) {
    ForEachTransfer(state, /*is_unload=*/true, [&](const Transfer& unload) {
      const telemetry::TransferCounts& counts = *unload.record.counts;
      rows.Add({Number(unload.query.userid), Number(unload.query.query),
                Number(static_cast<int64_t>(unload.query.xid)), Number(unload.query.pid),
                Text(unload.query.database), Text(unload.status()),
                Time(unload.query.start_micros), unload.end_time(),
                Number(unload.duration(state)), Text(unload.record.format),
                Text(unload.record.compression), Text(unload.record.location),
                Number(counts.rows), Number(counts.files), Number(counts.bytes),
                Text(unload.query.error_message)});
    });
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
