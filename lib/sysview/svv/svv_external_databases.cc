#include "sysview/system_views.h"

// SVV_EXTERNAL_DATABASES. Empty: external schemas do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_external_databases(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_external_databases";
  view.leader_only = true;
  view.columns = {SmallintColumn("eskind"), TypedColumn("databasename", Type{TypeId::kText}),
      TypedColumn("location", Type{TypeId::kText}), TypedColumn("parameters", Type{TypeId::kText})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
