#include "sysview/system_views.h"

// PG_AMOP, which PostgreSQL 8.0 does not have: the operators of operator families. Empty: there are
// no operator families. Source: PostgreSQL 15, system catalogs.
namespace vesto::sysview {

void Register_pg_pg_amop(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_amop";
  view.leader_only = true;
  view.friendly_only = true;
  view.columns = {OidColumn("oid"), OidColumn("amopfamily"), OidColumn("amoplefttype"),
      OidColumn("amoprighttype"), SmallintColumn("amopstrategy"), LetterColumn("amoppurpose"),
      OidColumn("amopopr"), OidColumn("amopmethod"), OidColumn("amopsortfamily")};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
