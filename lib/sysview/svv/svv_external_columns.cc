#include "sysview/system_views.h"

// SVV_EXTERNAL_COLUMNS. Empty: external schemas do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_external_columns(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_external_columns";
  view.leader_only = true;
  view.columns = {TypedColumn("redshift_database_name", Type{TypeId::kText}), TypedColumn("schemaname", Type{TypeId::kText}),
      TypedColumn("tablename", Type{TypeId::kText}), TypedColumn("columnname", Type{TypeId::kText}),
      TypedColumn("external_type", Type{TypeId::kText}), IntegerColumn("columnnum"), IntegerColumn("part_key"),
      TypedColumn("is_nullable", Type{TypeId::kText})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
