#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/entries.h"

// The words of GRANT. Source: redshift/statements.md G; PostgreSQL 8.0 for the letters.
namespace vesto::security {

using Target = catalog::AccessList::Target;
using catalog::Privileges;

// "select", in any case; nullopt for what is no privilege. "temp" and "temporary" are one.
std::optional<Privileges> ParsePrivilege(std::string_view name);
// "SELECT" for the one bit of `privilege`.
std::string_view PrivilegeName(Privileges privilege);
// What GRANT ALL means on such an object.
Privileges AllPrivileges(Target target);
// What ALL means on columns, of tables or views.
inline constexpr Privileges kColumnPrivileges = catalog::kSelect | catalog::kUpdate;
// "table", "schema", ...: for messages about GRANT.
std::string_view TargetName(Target target);
// The letters of aclitem in Redshift's order: "arwdRxtDPA".
std::string PrivilegeLetters(Privileges privileges, Privileges grant_options);

}  // namespace vesto::security
