#include "sysview/query_type.h"
#include "sysview/system_views.h"

// SYS_QUERY_HISTORY: every statement, those that run now included. Source: system-views.md §8.
namespace vesto::sysview {

void Register_sys_sys_query_history(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_query_history";
  view.columns = {IntegerColumn("user_id"), BigintColumn("query_id"),
      TextColumn("query_label", 320), BigintColumn("transaction_id"),
      IntegerColumn("session_id"), TextColumn("database_name", 128),
      TextColumn("query_type", 32), TextColumn("status", 10),
      BooleanColumn("result_cache_hit"), TimestampColumn("start_time"),
      TimestampColumn("end_time"), BigintColumn("elapsed_time"), BigintColumn("queue_time"),
      BigintColumn("execution_time"), TextColumn("error_message", 512),
      BigintColumn("returned_rows"), BigintColumn("returned_bytes"),
      TextColumn("query_text", 4000),
      TextColumn("redshift_version", 256),
      TextColumn("usage_limit", 150), TextColumn("compute_type", 32),
      BigintColumn("compile_time"), BigintColumn("planning_time"),
      BigintColumn("lock_wait_time"), IntegerColumn("service_class_id"),
      TextColumn("service_class_name", 64),
      TextColumn("query_priority", 20),
      TextColumn("short_query_accelerated", 10),
      TextColumn("user_query_hash", 40),
      TextColumn("generic_query_hash", 40), IntegerColumn("query_hash_version"),
      IntegerColumn("result_cache_query_id"), TextColumn("username", 128)};
  view.rows = [](const SystemState& state, Rows& rows) {
    const auto add = [&](const telemetry::QueryRecord& query, bool running) {
      if (!state.Sees(query.userid)) return;
      const int64_t elapsed = running ? 0 : query.end_micros - query.start_micros;
      const bool canceled = query.error_sqlstate == "57014";
      rows.Add({Number(query.userid), Number(query.query), Text(query.label),
                Number(static_cast<int64_t>(query.xid)), Number(query.pid),
                Text(query.database), Text(QueryTypeOf(query.text)),
                Text(running          ? "running"
                     : canceled       ? "canceled"
                     : query.aborted  ? "failed"
                                      : "success"),
                Flag(false), Time(query.start_micros),
                running ? Value() : Time(query.end_micros), Number(elapsed), Number(0),
                Number(elapsed), Text(query.error_message), Number(query.rows_returned), Value(),
                Text(query.text), Text("1.0"), Value(), Text("primary"), Value(), Value(),
                Value(), Value(), Value(), Value(), Value(), Value(), Value(), Value(), Value(),
                Text(query.user)});
    };
    for (const auto& query : state.telemetry->queries.Read()) add(*query, false);
    for (const telemetry::QueryRecord& query : state.telemetry->inflight()) add(query, true);
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
