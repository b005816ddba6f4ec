#include "sysview/system_views.h"

// PG_CLASS: tables and views. Source: PostgreSQL 8.0 system catalogs, system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_class(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_class";
  view.leader_only = true;
  view.columns = {
      IntegerColumn("oid"), TextColumn("relname", 128), IntegerColumn("relnamespace"),
      IntegerColumn("reltype"), IntegerColumn("relowner"), IntegerColumn("relam"),
      IntegerColumn("relfilenode"), IntegerColumn("reltablespace"), IntegerColumn("relpages"),
      DoubleColumn("reltuples"), TextColumn("relkind", 1), IntegerColumn("relnatts"),
      BooleanColumn("relhasindex"), IntegerColumn("reldiststyle")};
  view.rows = [](const SystemState& state, Rows& rows) {
    const auto style = [](const catalog::TableEntry& table) {
      switch (table.design.dist_style) {
        case types::DistStyle::kEven: return 0;
        case types::DistStyle::kKey: return 1;
        case types::DistStyle::kAll: return 8;
        case types::DistStyle::kAuto: break;
      }
      return 9;
    };
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      rows.Add({Number(table->oid), Text(table->name), Number(table->schema), Number(0),
                Number(table->owner), Number(0), Number(table->oid), Number(0), Number(0),
                Value::Double(0), Text("r"), Number(static_cast<int64_t>(table->columns.size())),
                Flag(false), Number(style(*table))});
    }
    for (const catalog::ViewPtr& view : state.catalog->views()) {
      rows.Add({Number(view->oid), Text(view->name), Number(view->schema), Number(0),
                Number(view->owner), Number(0), Number(0), Number(0), Number(0), Value::Double(0),
                Text("v"), Number(static_cast<int64_t>(view->column_names.size())), Flag(false),
                Number(0)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
