#include "sysview/system_views.h"

// SVV_ROLES: there are no roles yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_roles(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_roles";
  view.leader_only = true;
  view.columns = {IntegerColumn("role_id"), TypedColumn("role_name", Type{TypeId::kText}),
                  TypedColumn("role_owner", Type{TypeId::kText}), TypedColumn("external_id", Type{TypeId::kText})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
