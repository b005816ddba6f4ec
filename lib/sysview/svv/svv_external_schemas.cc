#include "sysview/system_views.h"

// SVV_EXTERNAL_SCHEMAS. Empty: external schemas do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_external_schemas(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_external_schemas";
  view.leader_only = true;
  view.columns = {OidColumn("esoid"), SmallintColumn("eskind"), NameColumn("schemaname"),
      IntegerColumn("esowner"), TypedColumn("databasename", Type{TypeId::kText}),
      TypedColumn("esoptions", Type{TypeId::kText})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
