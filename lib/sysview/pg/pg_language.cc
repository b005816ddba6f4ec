#include "sysview/system_views.h"

// PG_LANGUAGE. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_language(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_language";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("lanname"), BooleanColumn("lanispl"),
      BooleanColumn("lanpltrusted"), OidColumn("lanplcallfoid"), OidColumn("lanvalidator"),
      ArrayColumn("lanacl", TypeId::kAclItem), Hidden(IntegerColumn("lanowner"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    struct Language {
      int oid;
      const char* name;
      bool procedural;
    };
    for (const Language& language :
         {Language{12, "internal", false}, Language{13, "c", false}, Language{14, "sql", false}}) {
      rows.Add({Number(language.oid), Text(language.name), Flag(language.procedural),
                Flag(language.oid == 14), Number(0), Number(0), Value(), Number(1)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
