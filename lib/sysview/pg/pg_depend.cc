#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_DEPEND: which relations a view reads, which table a constraint, index or default belongs to.
// Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_depend(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_depend";
  view.leader_only = true;
  view.columns = {OidColumn("classid"), OidColumn("objid"), IntegerColumn("objsubid"),
      OidColumn("refclassid"), OidColumn("refobjid"), IntegerColumn("refobjsubid"),
      LetterColumn("deptype")};
  view.rows = [](const SystemState& state, Rows& rows) {
    constexpr int64_t kClass = 1259, kRewrite = 2618, kConstraint = 2606, kAttrdef = 2604;
    for (const catalog::ViewPtr& view : state.catalog->views()) {
      const int64_t rule = RuleOid(view->oid);
      rows.Add({Number(kRewrite), Number(rule), Number(0), Number(kClass), Number(view->oid),
                Number(0), Text("i")});
      for (const catalog::Oid relation : view->depends_on) {
        rows.Add({Number(kRewrite), Number(rule), Number(0), Number(kClass), Number(relation),
                  Number(0), Text("n")});
      }
    }
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      for (size_t i = 0; i < table->constraints.size(); ++i) {
        const catalog::ConstraintEntry& constraint = table->constraints[i];
        const int64_t oid = ConstraintOid(table->oid, static_cast<int>(i));
        for (const int column : constraint.columns) {
          rows.Add({Number(kConstraint), Number(oid), Number(0), Number(kClass),
                    Number(table->oid), Number(column + 1), Text("a")});
        }
        if (constraint.kind != catalog::ConstraintEntry::Kind::kForeignKey) {
          rows.Add({Number(kClass), Number(IndexOid(table->oid, static_cast<int>(i))), Number(0),
                    Number(kConstraint), Number(oid), Number(0), Text("i")});
          continue;
        }
        // A foreign key needs the index of the key that it refers to.
        const catalog::TablePtr used = state.catalog->FindTable(constraint.referenced_table);
        const int key =
            used == nullptr ? -1 : ReferredKey(*used, constraint.referenced_columns);
        if (key >= 0) {
          rows.Add({Number(kConstraint), Number(oid), Number(0), Number(kClass),
                    Number(IndexOid(used->oid, key)), Number(0), Text("n")});
        }
        for (const int column : constraint.referenced_columns) {
          rows.Add({Number(kConstraint), Number(oid), Number(0), Number(kClass),
                    Number(constraint.referenced_table), Number(column + 1), Text("n")});
        }
      }
      for (size_t i = 0; i < table->columns.size(); ++i) {
        const int column = static_cast<int>(i);
        if (DefaultText(state, *table, column).empty()) continue;
        rows.Add({Number(kAttrdef), Number(DefaultOid(table->oid, column)), Number(0),
                  Number(kClass), Number(table->oid), Number(column + 1), Text("a")});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
