#include "sysview/access_lists.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// INFORMATION_SCHEMA.TABLE_PRIVILEGES: what was granted, and what owners hold. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_table_privileges(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "table_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("grantor", Type{TypeId::kText}), TypedColumn("grantee", Type{TypeId::kText}),
      TypedColumn("table_catalog", Type{TypeId::kText}), TypedColumn("table_schema", Type{TypeId::kText}),
      TypedColumn("table_name", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText}),
      TypedColumn("is_grantable", Type{TypeId::kText}), TypedColumn("with_hierarchy", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind == 'i') continue;
      const std::string owner = state.UserName(relation.owner);
      const std::string schema = state.SchemaName(relation.schema);
      for (const char* privilege : {"SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES"}) {
        rows.Add({Text(owner), Text(owner), Text(state.database), Text(schema),
                  Text(relation.name), Text(privilege), Text("YES"), Text("NO")});
      }
    }
    for (const auto& list : state.catalog->access_lists()) {
      const auto relation = list->target == security::Target::kRelation
                                ? FindRelation(state, list->object)
                                : std::nullopt;
      if (!relation.has_value()) continue;
      for (const catalog::Grant& grant : list->grants) {
        if (!SeesGrant(state, relation->owner, grant.grantee)) continue;
        const bool everybody = grant.grantee.kind == catalog::Grantee::Kind::kPublic;
        ForEachPrivilege({grant}, "", [&](const HeldPrivilege& held) {
          rows.Add({Text(state.UserName(grant.grantor)),
                    Text(everybody ? "PUBLIC" : GranteeName(state, grant.grantee)),
                    Text(state.database), Text(state.SchemaName(relation->schema)),
                    Text(relation->name), Text(held.privilege),
                    Text(held.admin_option ? "YES" : "NO"), Text("NO")});
        });
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
