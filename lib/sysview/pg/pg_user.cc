#include "sysview/access_lists.h"

// PG_USER: the users; never their passwords. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_user(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_user";
  view.leader_only = true;
  view.columns = UserColumns();
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& user : state.catalog->users()) rows.Add(UserValues(*user));
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
