#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_ATTRDEF: the defaults of columns, identities included. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_attrdef(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_attrdef";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), OidColumn("adrelid"), SmallintColumn("adnum"),
      TypedColumn("adbin", Type{TypeId::kText}), TypedColumn("adsrc", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      for (size_t i = 0; i < table->columns.size(); ++i) {
        const int column = static_cast<int>(i);
        const std::string text = DefaultText(state, *table, column);
        if (text.empty()) continue;
        rows.Add({Number(DefaultOid(table->oid, column)), Number(table->oid), Number(column + 1),
                  Text(text), Text(text)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
