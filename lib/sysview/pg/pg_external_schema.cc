#include "sysview/system_views.h"

// PG_EXTERNAL_SCHEMA. Empty: external schemas do not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_external_schema(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_external_schema";
  view.leader_only = true;
  view.columns = {OidColumn("esoid"), IntegerColumn("eskind"), TypedColumn("esdbname", Type{TypeId::kText}),
      TypedColumn("esoptions", Type{TypeId::kText}), IntegerColumn("esowner")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
