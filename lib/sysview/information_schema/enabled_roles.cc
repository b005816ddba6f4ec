#include "sysview/system_views.h"

// INFORMATION_SCHEMA.ENABLED_ROLES: the groups of the current user. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_enabled_roles(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "enabled_roles";
  view.leader_only = true;
  view.columns = {TypedColumn("role_name", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& group : state.catalog->groups()) {
      for (const int32_t member : group->members) {
        if (member == state.user_id) rows.Add({Text(group->name)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
