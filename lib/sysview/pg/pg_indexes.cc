#include "sysview/definitions.h"
#include "sysview/system_views.h"

// PG_INDEXES: the indexes of PRIMARY KEY and UNIQUE with their text. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_indexes(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_indexes";
  view.leader_only = true;
  view.columns = {NameColumn("schemaname"), NameColumn("tablename"), NameColumn("indexname"),
      NameColumn("tablespace"), TypedColumn("indexdef", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind != 'i') continue;
      rows.Add({Text(state.SchemaName(relation.schema)), Text(relation.table->name),
                Text(relation.name), Value(),
                Text(IndexText(state, *relation.table, relation.constraint))});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
