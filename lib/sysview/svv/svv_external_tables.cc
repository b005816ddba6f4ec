#include "sysview/system_views.h"

// SVV_EXTERNAL_TABLES. Empty: external schemas do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_external_tables(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_external_tables";
  view.leader_only = true;
  view.columns = {TypedColumn("redshift_database_name", Type{TypeId::kText}), TypedColumn("schemaname", Type{TypeId::kText}),
      TypedColumn("tablename", Type{TypeId::kText}), TypedColumn("tabletype", Type{TypeId::kText}),
      TypedColumn("location", Type{TypeId::kText}), TypedColumn("input_format", Type{TypeId::kText}),
      TypedColumn("output_format", Type{TypeId::kText}), TypedColumn("serialization_lib", Type{TypeId::kText}),
      TypedColumn("serde_parameters", Type{TypeId::kText}), IntegerColumn("compressed"),
      TypedColumn("parameters", Type{TypeId::kText})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
