#include <algorithm>

#include "absl/strings/ascii.h"
#include "sysview/access_lists.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// SVV_DATABASE_PRIVILEGES: grants on databases. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_database_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_database_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("database_name", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText}),
      IntegerColumn("identity_id"), TypedColumn("identity_name", Type{TypeId::kText}),
      TypedColumn("identity_type", Type{TypeId::kText}), BooleanColumn("admin_option")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::GrantEntry& grant : state.catalog->grants()) {
      if (grant.target != catalog::GrantEntry::Target::kDatabase) continue;
      const auto databases = state.catalog->databases();
      const auto database = std::find_if(databases.begin(), databases.end(), [&](const auto& entry) {
        return entry->oid == grant.object;
      });
      if (database == databases.end()) continue;
      rows.Add({Text((*database)->name), Text(absl::AsciiStrToUpper(grant.privilege)), Number(grant.grantee),
                Text(GranteeName(state, grant)), Text(GranteeKind(grant)),
                Flag(grant.grant_option)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
