#include "sysview/access_lists.h"

// PG_SHADOW: what PostgreSQL 8.0 has behind PG_USER, for superusers. Its passwords are asterisks
// here too. Source: PostgreSQL 8.0, "System Catalogs".
namespace vesto::sysview {

void Register_pg_pg_shadow(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_shadow";
  view.leader_only = true;
  view.superuser_only = true;
  view.columns = UserColumns();
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& user : state.catalog->users()) rows.Add(UserValues(*user));
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
