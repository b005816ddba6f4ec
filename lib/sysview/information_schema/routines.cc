#include "absl/strings/str_cat.h"
#include "sysview/pg_procs.h"
#include "sysview/pg_types.h"
#include "sysview/system_views.h"

// INFORMATION_SCHEMA.ROUTINES: the functions. Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_information_schema_routines(SystemViews& views) {
  ViewDefinition view;
  view.schema = "information_schema";
  view.name = "routines";
  view.leader_only = true;
  view.columns = {TypedColumn("specific_catalog", Type{TypeId::kText}), TypedColumn("specific_schema", Type{TypeId::kText}),
      TypedColumn("specific_name", Type{TypeId::kText}), TypedColumn("routine_catalog", Type{TypeId::kText}),
      TypedColumn("routine_schema", Type{TypeId::kText}), TypedColumn("routine_name", Type{TypeId::kText}),
      TypedColumn("routine_type", Type{TypeId::kText}), TypedColumn("data_type", Type{TypeId::kText}),
      TypedColumn("type_udt_catalog", Type{TypeId::kText}), TypedColumn("type_udt_schema", Type{TypeId::kText}),
      TypedColumn("type_udt_name", Type{TypeId::kText}), TypedColumn("routine_body", Type{TypeId::kText}),
      TypedColumn("routine_definition", Type{TypeId::kText}), TypedColumn("external_name", Type{TypeId::kText}),
      TypedColumn("external_language", Type{TypeId::kText}), TypedColumn("is_deterministic", Type{TypeId::kText}),
      TypedColumn("sql_data_access", Type{TypeId::kText}), TypedColumn("is_null_call", Type{TypeId::kText}),
      TypedColumn("security_type", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const PgProc& proc : state.views->procs(*state.functions)) {
      if (proc.aggregate) continue;
      const PgType* type = FindPgType(proc.result);
      rows.Add({Text(state.database), Text("pg_catalog"),
                Text(absl::StrCat(proc.name, "_", proc.oid)), Text(state.database),
                Text("pg_catalog"), Text(proc.name), Text("FUNCTION"),
                Text(FormatType(proc.result, -1)), Text(state.database), Text("pg_catalog"),
                type != nullptr ? Text(std::string(type->name)) : Value(), Text("EXTERNAL"),
                Value(), Value(), Text("INTERNAL"), Text(proc.volatility == 'i' ? "YES" : "NO"),
                Text("MODIFIES"), Text(proc.strict ? "YES" : "NO"), Text("INVOKER")});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
