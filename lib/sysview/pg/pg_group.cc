#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sysview/system_views.h"

// PG_GROUP. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_group(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_group";
  view.leader_only = true;
  view.columns = {NameColumn("groname"), IntegerColumn("grosysid"),
      ArrayColumn("grolist", TypeId::kInteger)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& group : state.catalog->groups()) {
      rows.Add({Text(group->name), Number(group->id),
                Text(absl::StrCat("{", absl::StrJoin(group->members, ","), "}"))});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
