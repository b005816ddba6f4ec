#include "sysview/group_roles.h"
#include "sysview/system_views.h"

// PG_AUTH_MEMBERS, which PostgreSQL 8.0 does not have: who is in which group.
// Source: clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_auth_members(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_auth_members";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("roleid"), OidColumn("member"), OidColumn("grantor"),
      BooleanColumn("admin_option")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& group : state.catalog->groups()) {
      for (const int32_t member : group->members) {
        rows.Add({Number(GroupRoleOid(group->id)), Number(member), Number(1), Flag(false)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
