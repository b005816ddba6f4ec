#include "sysview/system_views.h"

// SVV_ROLE_GRANTS: roles granted to roles; there are none yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_role_grants(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_role_grants";
  view.leader_only = true;
  view.columns = {IntegerColumn("role_id"), TypedColumn("role_name", Type{TypeId::kText}),
                  IntegerColumn("granted_role_id"), TypedColumn("granted_role_name", Type{TypeId::kText})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
