#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_REWRITE: the rule of each view; late-binding views depend on nothing but have one too.
// Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_rewrite(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_rewrite";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("rulename"), OidColumn("ev_class"),
      SmallintColumn("ev_attr"), LetterColumn("ev_type"), BooleanColumn("is_instead"),
      TypedColumn("ev_qual", Type{TypeId::kText}), TypedColumn("ev_action", Type{TypeId::kText}),
      Hidden(LetterColumn("ev_enabled"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::ViewPtr& view : state.catalog->views()) {
      rows.Add({Number(RuleOid(view->oid)), Text("_RETURN"), Number(view->oid), Number(-1),
                Text("1"), Flag(true), Value(), Value(), Text("O")});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
