#include "sysview/access_lists.h"

// PG_USER: the users; never their passwords. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_user(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_user";
  view.leader_only = true;
  view.columns = {NameColumn("usename"), IntegerColumn("usesysid"), BooleanColumn("usecreatedb"),
      BooleanColumn("usesuper"), BooleanColumn("usecatupd"), TypedColumn("passwd", Type{TypeId::kText}),
      TypedColumn("valuntil", Type::TimestampTz()), ArrayColumn("useconfig", TypeId::kText)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& user : state.catalog->users()) {
      rows.Add({Text(user->name), Number(user->id), Flag(user->create_db), Flag(user->superuser),
                Flag(user->superuser), Text("********"), ValidUntil(*user), UserConfig(*user)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
