#include "sysview/system_views.h"

// PG_OPERATOR. Empty: the operators are not in the catalog yet. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_operator(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_operator";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("oprname"), OidColumn("oprnamespace"),
      IntegerColumn("oprowner"), LetterColumn("oprkind"), BooleanColumn("oprcanhash"),
      OidColumn("oprleft"), OidColumn("oprright"), OidColumn("oprresult"), OidColumn("oprcom"),
      OidColumn("oprnegate"), TypedColumn("oprcode", Type{TypeId::kRegproc})};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
