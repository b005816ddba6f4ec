#include "sysview/access_lists.h"
#include "sysview/pg_types.h"
#include "sysview/relations.h"
#include "types/type_rules.h"
#include "sysview/system_views.h"

// PG_ATTRIBUTE: the columns of all relations, with their place in the distribution and sort keys.
// Source: system-views.md §2, clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_attribute(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_attribute";
  view.leader_only = true;
  view.columns = {OidColumn("attrelid"), NameColumn("attname"), OidColumn("atttypid"),
      IntegerColumn("attstattarget"), SmallintColumn("attlen"), SmallintColumn("attnum"),
      IntegerColumn("attndims"), IntegerColumn("attcacheoff"), IntegerColumn("atttypmod"),
      BooleanColumn("attbyval"), LetterColumn("attstorage"), LetterColumn("attalign"),
      BooleanColumn("attnotnull"), BooleanColumn("atthasdef"), BooleanColumn("attisdropped"),
      BooleanColumn("attislocal"), IntegerColumn("attinhcount"), BooleanColumn("attisdistkey"),
      BooleanColumn("attispreloaded"), IntegerColumn("attsortkeyord"),
      SmallintColumn("attencodingtype"), SmallintColumn("attencrypttype"),
      Hidden(OidColumn("attcollation")), Hidden(LetterColumn("attidentity")),
      Hidden(LetterColumn("attgenerated")), Hidden(ArrayColumn("attacl", TypeId::kAclItem)),
      Hidden(ArrayColumn("attoptions", TypeId::kText)),
      Hidden(ArrayColumn("attfdwoptions", TypeId::kText))};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const Relation& relation : Relations(state)) {
      const std::vector<RelationColumn> columns = ColumnsOf(state, relation);
      int number = 0;
      for (const RelationColumn& column : columns) {
        if (column.hidden) continue;
        const int index = number++;
        const auto type_oid = static_cast<catalog::Oid>(types::TypeOid(column.type));
        const PgType* type = FindPgType(type_oid);
        const types::TableDesign* design =
            column.entry != nullptr ? &relation.table->design : nullptr;
        const bool has_default =
            column.entry != nullptr &&
            (column.entry->identity || !column.entry->default_text.empty());
        const bool text = types::IsString(column.type);
        rows.Add({Number(relation.oid), Text(column.name), Number(type_oid), Number(-1),
                  Number(type != nullptr ? type->length : -1), Number(number),
                  Number(column.type.id == TypeId::kArray ? 1 : 0), Number(-1),
                  Number(types::TypeModifier(column.type)),
                  Flag(type != nullptr && type->by_value),
                  Text(std::string(1, type != nullptr ? type->storage : 'p')),
                  Text(std::string(1, type != nullptr ? type->align : 'i')),
                  Flag(column.entry != nullptr && column.entry->not_null), Flag(has_default),
                  Flag(false), Flag(true), Number(0),
                  Flag(design != nullptr && design->dist_style == types::DistStyle::kKey &&
                       design->dist_key == index),
                  Flag(false), Number(design != nullptr ? SortKeyPosition(*design, index) : 0),
                  Number(column.entry != nullptr ? EncodingNumber(column.entry->encoding) : 0),
                  Number(0), Number(text ? 100 : 0), Text(""), Text(""),
                  column.entry == nullptr
                      ? Value()
                      : AccessList(state, security::Target::kRelation, relation.oid, column.name),
                  Value(), Value()});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
