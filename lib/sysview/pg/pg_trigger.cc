#include "sysview/system_views.h"

// PG_TRIGGER. Empty: Vesto keeps no such objects. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_trigger(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_trigger";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), OidColumn("tgrelid"), NameColumn("tgname"),
      OidColumn("tgfoid"), SmallintColumn("tgtype"), LetterColumn("tgenabled"),
      BooleanColumn("tgisconstraint"), NameColumn("tgconstrname"), OidColumn("tgconstrrelid"),
      BooleanColumn("tgdeferrable"), BooleanColumn("tginitdeferred"), SmallintColumn("tgnargs"),
      TypedColumn("tgattr", Type{TypeId::kInt2Vector}), TypedColumn("tgargs", Type{TypeId::kText}),
      Hidden(BooleanColumn("tgisinternal")), Hidden(OidColumn("tgconstraint")),
      Hidden(OidColumn("tgconstrindid")), Hidden(OidColumn("tgparentid"))};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
