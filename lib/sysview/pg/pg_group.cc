#include "sysview/system_views.h"

// PG_GROUP. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_group(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_group";
  view.leader_only = true;
  view.columns = {
      TextColumn("groname", 128), IntegerColumn("grosysid"), TextColumn("grolist")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& group : state.catalog->groups()) {
      std::string members = "{";
      for (int32_t id : group->members) {
        if (members.size() > 1) members += ",";
        members += std::to_string(id);
      }
      rows.Add({Text(group->name), Number(group->id), Text(members + "}")});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
