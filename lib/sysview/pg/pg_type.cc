#include "sysview/pg_types.h"
#include "sysview/system_views.h"

// PG_TYPE. The oids of arrays (typarray) are hidden, as PostgreSQL 8.0 has no such column.
// Source: PostgreSQL 8.0 system catalogs, clients.md §§4, 6.
namespace vesto::sysview {

void Register_pg_pg_type(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_type";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("typname"), OidColumn("typnamespace"),
      IntegerColumn("typowner"), SmallintColumn("typlen"), BooleanColumn("typbyval"),
      LetterColumn("typtype"), BooleanColumn("typisdefined"), LetterColumn("typdelim"),
      OidColumn("typrelid"), OidColumn("typelem"),
      TypedColumn("typinput", Type{TypeId::kRegproc}),
      TypedColumn("typoutput", Type{TypeId::kRegproc}),
      TypedColumn("typreceive", Type{TypeId::kRegproc}),
      TypedColumn("typsend", Type{TypeId::kRegproc}),
      TypedColumn("typanalyze", Type{TypeId::kRegproc}), LetterColumn("typalign"),
      LetterColumn("typstorage"), BooleanColumn("typnotnull"), OidColumn("typbasetype"),
      IntegerColumn("typtypmod"), IntegerColumn("typndims"), TypedColumn("typdefaultbin", Type{TypeId::kText}),
      TypedColumn("typdefault", Type{TypeId::kText}), Hidden(OidColumn("typarray")),
      Hidden(OidColumn("typcollation")), Hidden(LetterColumn("typcategory")),
      Hidden(BooleanColumn("typispreferred")),
      Hidden(ArrayColumn("typacl", TypeId::kAclItem))};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const PgType& type : PgTypes()) {
      const bool text = type.oid == 25 || type.oid == 1042 || type.oid == 1043 || type.oid == 19;
      const auto category = [&type, text] {
        if (type.kind == 'p') return 'P';
        if (type.input == "array_in" || type.element != 0) return text ? 'S' : 'A';
        if (text || type.oid == 18) return 'S';
        switch (type.oid) {
          case 16: return 'B';
          case 20: case 21: case 23: case 24: case 26: case 700: case 701: case 1700:
          case 2205: case 2206: return 'N';
          case 702: case 1082: case 1083: case 1114: case 1184: case 1266: return 'D';
          case 1186: case 1188: case 1190: return 'T';
          case 705: return 'X';
          default: return 'U';
        }
      }();
      const bool preferred = type.oid == 16 || type.oid == 701 || type.oid == 1043 ||
                             type.oid == 1184 || type.oid == 1190;
      rows.Add({Number(type.oid), Text(std::string(type.name)),
                Number(catalog::kPgCatalogSchemaOid), Number(1), Number(type.length),
                Flag(type.by_value), Text(std::string(1, type.kind)), Flag(true), Text(","),
                Number(0), Number(type.element), Number(type.input_oid), Number(type.output_oid),
                Number(0), Number(0), Number(0), Text(std::string(1, type.align)),
                Text(std::string(1, type.storage)), Flag(false), Number(0), Number(-1), Number(0),
                Value(), Value(), Number(type.array), Number(text ? 100 : 0),
                Text(std::string(1, category)), Flag(preferred), Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
