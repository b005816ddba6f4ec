#include "sysview/system_views.h"

// PG_LOCKS: the locks on tables. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_locks(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_locks";
  view.leader_only = true;
  view.columns = {OidColumn("relation"), OidColumn("database"), BigintColumn("transaction"),
      IntegerColumn("pid"), TextColumn("mode", 65535), BooleanColumn("granted")};
  view.rows = [](const SystemState& state, Rows& rows) {
    catalog::Oid database_oid = 0;
    for (const auto& database : state.catalog->databases()) {
      if (database->name == state.database) database_oid = database->oid;
    }
    for (const txn::LockTable::LockInfo& lock : state.locks->List()) {
      rows.Add({Number(lock.table), Number(database_oid), Value(), Number(lock.pid),
                Text(std::string(txn::LockModeName(lock.mode))), Flag(lock.granted)});
    }
    for (const auto& active : state.transactions->ActiveTransactions()) {
      rows.Add({Value(), Value(), Number(static_cast<int64_t>(active.xid)), Number(active.pid),
                Text("ExclusiveLock"), Flag(true)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
