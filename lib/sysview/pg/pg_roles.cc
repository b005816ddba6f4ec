#include "sysview/access_lists.h"
#include "sysview/group_roles.h"
#include "sysview/system_views.h"

// PG_ROLES, which PostgreSQL 8.0 does not have: users, and groups as roles that cannot log in.
// Source: clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_roles(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_roles";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {NameColumn("rolname"), BooleanColumn("rolsuper"), BooleanColumn("rolinherit"),
      BooleanColumn("rolcreaterole"), BooleanColumn("rolcreatedb"), BooleanColumn("rolcanlogin"),
      BooleanColumn("rolreplication"), IntegerColumn("rolconnlimit"),
      TypedColumn("rolpassword", Type{TypeId::kText}), TypedColumn("rolvaliduntil", Type::TimestampTz()),
      BooleanColumn("rolbypassrls"), ArrayColumn("rolconfig", TypeId::kText), OidColumn("oid")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& user : state.catalog->users()) {
      rows.Add({Text(user->name), Flag(user->superuser), Flag(true), Flag(user->superuser),
                Flag(user->create_db), Flag(true), Flag(false), Number(user->connection_limit),
                Text("********"), ValidUntil(*user), Flag(user->superuser), UserConfig(*user),
                Number(user->id)});
    }
    for (const auto& group : state.catalog->groups()) {
      rows.Add({Text(group->name), Flag(false), Flag(true), Flag(false), Flag(false), Flag(false),
                Flag(false), Number(-1), Text("********"), Value(), Flag(false), Value(),
                Number(GroupRoleOid(group->id))});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
