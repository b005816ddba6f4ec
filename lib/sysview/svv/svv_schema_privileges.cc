#include "absl/strings/ascii.h"
#include "sysview/access_lists.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// SVV_SCHEMA_PRIVILEGES: grants on schemas. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_schema_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_schema_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("namespace_name", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText}),
      IntegerColumn("identity_id"), TypedColumn("identity_name", Type{TypeId::kText}),
      TypedColumn("identity_type", Type{TypeId::kText}), BooleanColumn("admin_option")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::GrantEntry& grant : state.catalog->grants()) {
      if (grant.target != catalog::GrantEntry::Target::kSchema) continue;
      rows.Add({Text(state.SchemaName(grant.object)), Text(absl::AsciiStrToUpper(grant.privilege)), Number(grant.grantee),
                Text(GranteeName(state, grant)), Text(GranteeKind(grant)),
                Flag(grant.grant_option)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
