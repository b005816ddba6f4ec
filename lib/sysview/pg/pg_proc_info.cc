#include "absl/strings/str_join.h"
#include "sysview/pg_procs.h"
#include "sysview/system_views.h"

// PG_PROC_INFO: PG_PROC with its oid and the kind of each function. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_proc_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_proc_info";
  view.leader_only = true;
  view.columns = {OidColumn("prooid"), NameColumn("proname"), OidColumn("pronamespace"),
      IntegerColumn("proowner"), OidColumn("prolang"), BooleanColumn("proisagg"),
      BooleanColumn("prosecdef"), BooleanColumn("proisstrict"), BooleanColumn("proretset"),
      LetterColumn("provolatile"), SmallintColumn("pronargs"), OidColumn("prorettype"),
      TypedColumn("proargtypes", Type{TypeId::kOidVector}),
      ArrayColumn("proargnames", TypeId::kText), TypedColumn("prosrc", Type{TypeId::kText}),
      TypedColumn("probin", Type{TypeId::kText}), ArrayColumn("proacl", TypeId::kAclItem),
      LetterColumn("prokind"), ArrayColumn("proargmodes", TypeId::kInternalChar),
      ArrayColumn("proallargtypes", TypeId::kOid)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const PgProc& proc : state.views->procs(*state.functions)) {
      rows.Add({Number(proc.oid),
Text(proc.name), Number(catalog::kPgCatalogSchemaOid), Number(1), Number(12),
                Flag(proc.aggregate), Flag(false), Flag(proc.strict), Flag(false),
                Text(std::string(1, proc.volatility)),
                Number(static_cast<int64_t>(proc.arguments.size())), Number(proc.result),
                Text(absl::StrJoin(proc.arguments, " ")), Value(), Text(proc.name), Value(),
                Value(), Text(proc.aggregate ? "a" : "f"), Value(), Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
