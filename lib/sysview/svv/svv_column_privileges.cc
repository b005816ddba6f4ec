#include "sysview/access_lists.h"

// SVV_COLUMN_PRIVILEGES: what was granted on single columns. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_column_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_column_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("namespace_name", Type{TypeId::kText}), TypedColumn("relation_name", Type{TypeId::kText}),
                  TypedColumn("column_name", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText})};
  for (auto& column : IdentityColumns()) {
    // There is no grant option on columns.
    view.columns.push_back(column.name == "admin_option" ? Hidden(column) : column);
  }
  view.rows = [](const SystemState& state, Rows& rows) {
    const auto add = [&](const catalog::RelationBase& relation) {
      const auto list = state.catalog->FindAccessList(relation.oid);
      if (list == nullptr) return;
      for (const catalog::Grant& grant : list->grants) {
        if (grant.column.empty() || !SeesGrant(state, relation.owner, grant.grantee)) continue;
        ForEachPrivilege({grant}, grant.column, [&](const HeldPrivilege& held) {
          std::vector<Value> row = {Text(state.SchemaName(relation.schema)), Text(relation.name),
                                    Text(grant.column), Text(held.privilege)};
          AddIdentity(state, held, &row);
          rows.Add(std::move(row));
        });
      }
    };
    for (const auto& table : state.catalog->tables()) add(*table);
    for (const auto& relation : state.catalog->views()) add(*relation);
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
