#include "sysview/system_views.h"

// SVV_SYSTEM_PRIVILEGES: system permissions, which only roles hold; there are no roles yet.
// Source: the guide's page of the view.
namespace vesto::sysview {

void Register_svv_svv_system_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_system_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("system_privilege", Type{TypeId::kText}), IntegerColumn("identity_id"),
                  TypedColumn("identity_name", Type{TypeId::kText}), TypedColumn("identity_type", Type{TypeId::kText})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
