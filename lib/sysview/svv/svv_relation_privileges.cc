#include "sysview/access_lists.h"

// SVV_RELATION_PRIVILEGES: what was granted on tables and views. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_relation_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_relation_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("namespace_name", Type{TypeId::kText}), TypedColumn("relation_name", Type{TypeId::kText}),
                  TypedColumn("privilege_type", Type{TypeId::kText})};
  for (auto& column : IdentityColumns()) view.columns.push_back(column);
  view.rows = [](const SystemState& state, Rows& rows) {
    const auto add = [&](const catalog::RelationBase& relation) {
      const auto list = state.catalog->FindAccessList(relation.oid);
      if (list == nullptr) return;
      ForEachPrivilege(list->grants, "", [&](const HeldPrivilege& held) {
        if (!SeesGrant(state, relation.owner, held.grantee)) return;
        std::vector<Value> row = {Text(state.SchemaName(relation.schema)), Text(relation.name),
                                  Text(held.privilege)};
        AddIdentity(state, held, &row);
        rows.Add(std::move(row));
      });
    };
    for (const auto& table : state.catalog->tables()) add(*table);
    for (const auto& relation : state.catalog->views()) add(*relation);
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
