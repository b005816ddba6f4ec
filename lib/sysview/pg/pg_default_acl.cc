#include "sysview/system_views.h"

// PG_DEFAULT_ACL. Empty: ALTER DEFAULT PRIVILEGES does not exist yet. Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_default_acl(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_default_acl";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), IntegerColumn("defacluser"),
      OidColumn("defaclnamespace"), LetterColumn("defaclobjtype"),
      ArrayColumn("defaclacl", TypeId::kAclItem), Hidden(OidColumn("defaclrole"))};
  view.rows = [](const SystemState&, Rows&) {};
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
