#include "sysview/access_lists.h"

// SVV_DEFAULT_PRIVILEGES: what new objects will be granted. Source: system-views.md §2; columns from
// the Developer Guide, SVV_DEFAULT_PRIVILEGES.
namespace vesto::sysview {

void Register_svv_svv_default_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_default_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("schema_name", Type{TypeId::kText}), TypedColumn("object_type", Type{TypeId::kText}),
                  IntegerColumn("owner_id"), TypedColumn("owner_name", Type{TypeId::kText}),
                  TypedColumn("owner_type", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText}),
                  IntegerColumn("grantee_id"), TypedColumn("grantee_name", Type{TypeId::kText}),
                  TypedColumn("grantee_type", Type{TypeId::kText}), BooleanColumn("admin_option"),
                  Hidden(TypedColumn("grantor_name", Type{TypeId::kText}))};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& list : state.catalog->default_access_lists()) {
      std::string kind = "RELATION";
      if (list->target == security::Target::kFunction) kind = "FUNCTION";
      if (list->target == security::Target::kProcedure) kind = "PROCEDURE";
      ForEachPrivilege(list->grants, "", [&](const HeldPrivilege& held) {
        if (!SeesGrant(state, list->user, held.grantee)) return;
        std::vector<Value> row = {
            list->schema == 0 ? Value() : Text(state.SchemaName(list->schema)), Text(kind),
            Number(list->user), Text(state.UserName(list->user)), Text("user"),
            Text(held.privilege)};
        AddIdentity(state, held, &row);
        rows.Add(std::move(row));
      });
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
