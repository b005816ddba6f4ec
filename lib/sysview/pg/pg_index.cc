#include "absl/strings/str_cat.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_INDEX: the indexes that stand for PRIMARY KEY and UNIQUE constraints; they hold no rows.
// Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_index(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_index";
  view.leader_only = true;
  view.columns = {OidColumn("indexrelid"), OidColumn("indrelid"),
      TypedColumn("indkey", Type{TypeId::kInt2Vector}),
      TypedColumn("indclass", Type{TypeId::kOidVector}), SmallintColumn("indnatts"),
      BooleanColumn("indisunique"), BooleanColumn("indisprimary"),
      BooleanColumn("indisclustered"), TypedColumn("indexprs", Type{TypeId::kText}),
      TypedColumn("indpred", Type{TypeId::kText}), Hidden(BooleanColumn("indisvalid")),
      Hidden(BooleanColumn("indisready")), Hidden(BooleanColumn("indimmediate")),
      Hidden(BooleanColumn("indcheckxmin")), Hidden(BooleanColumn("indisreplident")),
      Hidden(TypedColumn("indoption", Type{TypeId::kInt2Vector})),
      Hidden(TypedColumn("indcollation", Type{TypeId::kOidVector})),
      Hidden(SmallintColumn("indnkeyatts"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      if (relation.kind != 'i') continue;
      const catalog::ConstraintEntry& constraint = relation.table->constraints[relation.constraint];
      std::string keys, zeros;
      for (const int column : constraint.columns) {
        absl::StrAppend(&keys, keys.empty() ? "" : " ", column + 1);
        absl::StrAppend(&zeros, zeros.empty() ? "" : " ", 0);
      }
      const auto count = static_cast<int64_t>(constraint.columns.size());
      rows.Add({Number(relation.oid), Number(relation.table->oid), Text(keys), Text(zeros),
                Number(count), Flag(true),
                Flag(constraint.kind == catalog::ConstraintEntry::Kind::kPrimaryKey), Flag(false),
                Value(), Value(), Flag(true), Flag(true), Flag(true), Flag(false), Flag(false),
                Text(zeros), Text(zeros), Number(count)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
