#include "sysview/access_lists.h"

// SVV_SCHEMA_PRIVILEGES: what was granted on schemas. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_schema_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_schema_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("namespace_name", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText})};
  for (auto& column : IdentityColumns()) view.columns.push_back(column);
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& schema : state.catalog->schemas()) {
      const auto list = state.catalog->FindAccessList(schema->oid);
      if (list == nullptr) continue;
      ForEachPrivilege(list->grants, "", [&](const HeldPrivilege& held) {
        if (!SeesGrant(state, schema->owner, held.grantee)) return;
        std::vector<Value> row = {Text(schema->name), Text(held.privilege)};
        AddIdentity(state, held, &row);
        rows.Add(std::move(row));
      });
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
