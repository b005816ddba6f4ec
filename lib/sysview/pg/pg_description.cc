#include "sysview/pg_procs.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_DESCRIPTION: comments on relations, columns, constraints and databases, and what each function
// does. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_description(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_description";
  view.leader_only = true;
  view.columns = {OidColumn("objoid"), OidColumn("classoid"), IntegerColumn("objsubid"),
      TypedColumn("description", Type{TypeId::kText})};
  view.rows = [](const SystemState& state, Rows& rows) {
    constexpr int64_t kClass = 1259, kProc = 1255, kDatabase = 1262, kConstraint = 2606;
    for (const Relation& relation : Relations(state)) {
      const std::optional<std::string>* comment = relation.comment();
      if (comment != nullptr && comment->has_value()) {
        rows.Add({Number(relation.oid), Number(kClass), Number(0), Text(**comment)});
      }
      if (relation.table == nullptr || relation.constraint >= 0) continue;
      for (size_t i = 0; i < relation.table->columns.size(); ++i) {
        const auto& of_column = relation.table->columns[i].comment;
        if (!of_column.has_value()) continue;
        rows.Add({Number(relation.oid), Number(kClass), Number(static_cast<int64_t>(i) + 1),
                  Text(*of_column)});
      }
    }
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      for (size_t i = 0; i < table->constraints.size(); ++i) {
        const auto& of_constraint = table->constraints[i].comment;
        if (!of_constraint.has_value()) continue;
        rows.Add({Number(ConstraintOid(table->oid, static_cast<int>(i))), Number(kConstraint),
                  Number(0), Text(*of_constraint)});
      }
    }
    for (const auto& database : state.catalog->databases()) {
      if (!database->comment.has_value()) continue;
      rows.Add({Number(database->oid), Number(kDatabase), Number(0), Text(*database->comment)});
    }
    for (const PgProc& proc : state.views->procs(*state.functions)) {
      if (proc.comment.empty()) continue;
      rows.Add({Number(proc.oid), Number(kProc), Number(0), Text(proc.comment)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
