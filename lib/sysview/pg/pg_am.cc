#include "sysview/system_views.h"

// PG_AM: the access method that the indexes of constraints name. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_am(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_am";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("amname"), IntegerColumn("amowner"),
      SmallintColumn("amstrategies"), SmallintColumn("amsupport"),
      SmallintColumn("amorderstrategy"), BooleanColumn("amcanunique"),
      BooleanColumn("amcanmulticol")};
  view.rows = [](const SystemState& state, Rows& rows) {
    rows.Add({Number(403), Text("btree"), Number(1), Number(5), Number(1), Number(1), Flag(true),
              Flag(true)});
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
