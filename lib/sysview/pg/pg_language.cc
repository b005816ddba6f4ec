#include "sysview/access_lists.h"
#include "sysview/pg_procs.h"

// PG_LANGUAGE. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_language(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_language";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("lanname"), BooleanColumn("lanispl"),
      BooleanColumn("lanpltrusted"), OidColumn("lanplcallfoid"), OidColumn("lanvalidator"),
      ArrayColumn("lanacl", TypeId::kAclItem), Hidden(IntegerColumn("lanowner")),
      Hidden(OidColumn("laninline"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    rows.Add({Number(12), Text("internal"), Flag(false), Flag(false), Number(0), Number(0), Value(),
              Number(1), Number(0)});
    rows.Add({Number(13), Text("c"), Flag(false), Flag(false), Number(0), Number(0), Value(),
              Number(1), Number(0)});
    const std::vector<PgProc>& procs = state.views->procs(*state.functions);
    const auto oid_of = [](const PgProc* proc) { return Number(proc == nullptr ? 0 : proc->oid); };
    for (const catalog::LanguageEntry& language : catalog::kLanguages) {
      const std::string_view name = language.name;
      rows.Add({Number(language.oid), Text(language.name), Flag(name != "sql"),
                Flag(name == "sql" || name == "plpgsql"), 
                oid_of(CallHandler(procs, name)), oid_of(LanguageValidator(procs, name)),
                AccessList(state, security::Target::kLanguage, language.oid), Number(1),
                Number(0)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
