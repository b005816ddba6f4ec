#include "security/granting.h"
#include "sysview/system_views.h"

// PG_DEFAULT_ACL: what new objects will be granted. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_default_acl(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_default_acl";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), IntegerColumn("defacluser"),
      OidColumn("defaclnamespace"), LetterColumn("defaclobjtype"),
      ArrayColumn("defaclacl", TypeId::kAclItem), Hidden(OidColumn("defaclrole"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& list : state.catalog->default_access_lists()) {
      std::string kind = "r";
      if (list->target == security::Target::kFunction) kind = "f";
      if (list->target == security::Target::kProcedure) kind = "p";
      rows.Add({Number(list->oid), Number(list->user), Number(list->schema), Text(kind),
                Text(security::DefaultAccessListText(*state.catalog, *list)),
                Number(list->user)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
