#include "sysview/access_lists.h"

// SVV_FUNCTION_PRIVILEGES: what was granted on functions; there are none of users yet.
// Source: the guide's page of the view.
namespace vesto::sysview {

void Register_svv_svv_function_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_function_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("namespace_name", Type{TypeId::kText}), TypedColumn("function_name", Type{TypeId::kText}),
                  TypedColumn("argument_types", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText})};
  for (auto& column : IdentityColumns()) view.columns.push_back(column);
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
