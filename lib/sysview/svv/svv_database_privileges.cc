#include "sysview/access_lists.h"

// SVV_DATABASE_PRIVILEGES: what was granted on databases. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_database_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_database_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("database_name", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText})};
  for (auto& column : IdentityColumns()) view.columns.push_back(column);
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& database : state.catalog->databases()) {
      const auto list = state.catalog->FindAccessList(database->oid);
      if (list == nullptr) continue;
      ForEachPrivilege(list->grants, "", [&](const HeldPrivilege& held) {
        if (!SeesGrant(state, database->owner, held.grantee)) return;
        std::vector<Value> row = {Text(database->name), Text(held.privilege)};
        AddIdentity(state, held, &row);
        rows.Add(std::move(row));
      });
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
