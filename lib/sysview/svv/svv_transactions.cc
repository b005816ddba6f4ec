#include "sysview/system_views.h"

// SVV_TRANSACTIONS: open transactions and their locks. Source: system-views.md §3.
namespace vesto::sysview {

void Register_svv_svv_transactions(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_transactions";
  view.columns = {
      TextColumn("txn_owner"), TextColumn("txn_db"), BigintColumn("xid"), IntegerColumn("pid"),
      TimestampColumn("txn_start"), TextColumn("lock_mode"), TextColumn("lockable_object_type"),
      IntegerColumn("relation"), BooleanColumn("granted")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const txn::LockTable::LockInfo& lock : state.locks->List()) {
      rows.Add({Text(state.user), Text(state.database), Number(static_cast<int64_t>(lock.xid)),
                Number(lock.pid), Value(), Text(std::string(txn::LockModeName(lock.mode))),
                Text("relation"), Number(lock.table), Flag(lock.granted)});
    }
    for (const auto& active : state.transactions->ActiveTransactions()) {
      rows.Add({Text(state.user), Text(state.database), Number(static_cast<int64_t>(active.xid)),
                Number(active.pid), Value(), Text("ExclusiveLock"), Text("transactionid"), Value(),
                Flag(true)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
