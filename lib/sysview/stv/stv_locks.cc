#include "sysview/system_views.h"

// STV_LOCKS: table locks held and waited for. Source: system-views.md §3.
namespace vesto::sysview {

void Register_stv_stv_locks(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_locks";
  view.superuser_only = true;
  view.columns = {
      BigintColumn("table_id"), TimestampColumn("last_commit"), TimestampColumn("last_update"),
      BigintColumn("lock_owner"), BigintColumn("lock_owner_pid"),
      TimestampColumn("lock_owner_start_ts"), TimestampColumn("lock_owner_end_ts"),
      TextColumn("lock_status", 22)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const txn::LockTable::LockInfo& lock : state.locks->List()) {
      rows.Add({Number(lock.table), Value(), Value(), Number(static_cast<int64_t>(lock.xid)),
                Number(lock.pid), Value(), Value(),
                Text(lock.granted ? "Holding lock" : "Waiting for lock")});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
