#include "absl/strings/str_cat.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_CONSTRAINT: PRIMARY KEY, UNIQUE and FOREIGN KEY, which Redshift keeps but does not enforce.
// Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_constraint(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_constraint";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("conname"), OidColumn("connamespace"),
      LetterColumn("contype"), BooleanColumn("condeferrable"), BooleanColumn("condeferred"),
      OidColumn("conrelid"), OidColumn("contypid"), OidColumn("confrelid"),
      LetterColumn("confupdtype"), LetterColumn("confdeltype"), LetterColumn("confmatchtype"),
      ArrayColumn("conkey", TypeId::kSmallint), ArrayColumn("confkey", TypeId::kSmallint),
      TypedColumn("conbin", Type{TypeId::kText}), TypedColumn("consrc", Type{TypeId::kText}),
      Hidden(BooleanColumn("convalidated")), Hidden(OidColumn("conindid")),
      Hidden(OidColumn("conparentid")), Hidden(BooleanColumn("conislocal")),
      Hidden(IntegerColumn("coninhcount")), Hidden(BooleanColumn("connoinherit"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    const auto array_of = [](const std::vector<int>& columns) {
      std::string text = "{";
      for (const int column : columns) {
        absl::StrAppend(&text, text.size() > 1 ? "," : "", column + 1);
      }
      return Text(text + "}");
    };
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      for (size_t i = 0; i < table->constraints.size(); ++i) {
        using Kind = catalog::ConstraintEntry::Kind;
        const catalog::ConstraintEntry& constraint = table->constraints[i];
        const bool foreign = constraint.kind == Kind::kForeignKey;
        const int index = static_cast<int>(i);
        rows.Add({Number(ConstraintOid(table->oid, index)), Text(constraint.name),
                  Number(table->schema),
                  Text(foreign ? "f" : constraint.kind == Kind::kPrimaryKey ? "p" : "u"),
                  Flag(false), Flag(false), Number(table->oid), Number(0),
                  Number(foreign ? constraint.referenced_table : 0), Text(foreign ? "a" : " "),
                  Text(foreign ? "a" : " "), Text(foreign ? "u" : " "),
                  array_of(constraint.columns),
                  foreign ? array_of(constraint.referenced_columns) : Value(), Value(), Value(),
                  Flag(true), Number(foreign ? 0 : IndexOid(table->oid, index)), Number(0),
                  Flag(true), Number(0), Flag(true)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
