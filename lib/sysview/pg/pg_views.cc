#include "sysview/definitions.h"
#include "sysview/system_views.h"

// PG_VIEWS: user views with their text, and the system views. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_views(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_views";
  view.leader_only = true;
  view.columns = {NameColumn("schemaname"), NameColumn("viewname"), NameColumn("viewowner"),
      TypedColumn("definition", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind != 'v') continue;
      rows.Add({Text(state.SchemaName(relation.schema)), Text(relation.name),
                Text(state.UserName(relation.owner)),
                relation.view != nullptr ? Text(ViewDefinitionText(state, *relation.view))
                                         : Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
