#include "sysview/system_views.h"

// SVV_USER_GRANTS: roles granted to users; there are none yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_user_grants(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_user_grants";
  view.leader_only = true;
  view.columns = {IntegerColumn("user_id"), TypedColumn("user_name", Type{TypeId::kText}),
                  IntegerColumn("role_id"), TypedColumn("role_name", Type{TypeId::kText}),
                  BooleanColumn("admin_option")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
