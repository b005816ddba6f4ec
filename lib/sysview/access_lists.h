#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/entries.h"
#include "security/privilege.h"
#include "sysview/relations.h"

// Grants as the catalog views show them: as ACLs, and one row per privilege.
// Source: PostgreSQL 8.0, GRANT; redshift/system-views.md §2.
namespace vesto::sysview {

// {owner=arwdRxtDPA/owner,"group g=r/owner",=r/owner}; NULL where the owner alone has rights.
Value AccessList(const SystemState& state, security::Target target, catalog::Oid object,
                 std::string_view column = {});

// Whether the user may see a relation in views that show only what one has access to: superusers,
// owners, and whoever holds a privilege on it or on a column, by name, group or PUBLIC.
bool MaySee(const SystemState& state, const Relation& relation);

// "user", "group", "role", "public", and the name.
std::string GranteeKind(const catalog::Grantee& grantee);
std::string GranteeName(const SystemState& state, const catalog::Grantee& grantee);

// One privilege of one grantee: a row of SVV_RELATION_PRIVILEGES and its like.
struct HeldPrivilege {
  catalog::Grantee grantee;
  int32_t grantor = catalog::kSuperuserId;
  std::string privilege;  // "SELECT"
  bool admin_option = false;
};

// The privileges of `grants` on `column` ("" = the whole object), in the order they were granted.
void ForEachPrivilege(const std::vector<catalog::Grant>& grants, std::string_view column,
                      const std::function<void(const HeldPrivilege&)>& each);

// The last columns of these views: identity_id, identity_name, identity_type, admin_option; and
// grantor_name, hidden, for SHOW GRANTS.
std::vector<source::SourceColumn> IdentityColumns();
void AddIdentity(const SystemState& state, const HeldPrivilege& held, std::vector<Value>* row);

// True where the user may see what others hold on an object of `owner`: its owner, superusers, and
// the grantee.
bool SeesGrant(const SystemState& state, int32_t owner, const catalog::Grantee& grantee);

// The columns of PG_SHADOW, which PG_USER has too and PG_USER_INFO begins with, and a user's values
// for them. The password is eight asterisks for everybody: verifiers are shown nowhere.
std::vector<source::SourceColumn> UserColumns();
std::vector<Value> UserValues(const catalog::UserEntry& user);

// What CREATE USER says of a user, as PG_USER, PG_USER_INFO and SVV_USER_INFO show it.
bool UpdatesCatalogs(const catalog::UserEntry& user);
std::string ConnectionLimitText(const catalog::UserEntry& user);  // "UNLIMITED", "5"
std::string SyslogAccessText(const catalog::UserEntry& user);
Value ValidUntil(const catalog::UserEntry& user);  // TIMESTAMPTZ
Value UserConfig(const catalog::UserEntry& user);  // {name=value,...}

}  // namespace vesto::sysview
