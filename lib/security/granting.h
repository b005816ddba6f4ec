#pragma once

#include <string>

#include "absl/status/status.h"
#include "catalog/catalog.h"
#include "security/privilege.h"

// What GRANT and REVOKE make of an object's access list. Source: redshift/statements.md G;
// PostgreSQL 8.0 for grantors, dependent grants and circles.
namespace vesto::security {

// One grantee and one column (or the whole object) of a GRANT or REVOKE.
struct GrantChange {
  bool revoke = false;
  catalog::Grantee grantee;
  int32_t grantor = catalog::kSuperuserId;  // the owner stands for superusers
  int32_t owner = catalog::kSuperuserId;    // of the object
  std::string column;                       // "" = the whole object
  Privileges privileges = 0;
  bool grant_option = false;  // WITH GRANT OPTION; REVOKE: GRANT OPTION FOR, the option alone
  bool cascade = false;       // REVOKE ... CASCADE: what the grantee passed on goes too
};

// What GRANT ALL means on an object. ALTER and DROP on schemas and ALTER and USAGE on databases,
// which came later, must be named.
Privileges GrantedByAll(Target target);

// Changes `list`. Errors: 0LP01 for grant options of groups and PUBLIC, and for those given back to
// one's own grantor; 2BP01 `dependent privileges exist` without CASCADE.
absl::Status ApplyGrant(const GrantChange& change, catalog::AccessList* list);

// What is left of `list` when the object goes to `owner`: grants by the former owner are now the new
// one's, grants to the new owner are void.
void ChangeOwner(int32_t former, int32_t owner, catalog::AccessList* list);

// The list that a new object starts with, by ALTER DEFAULT PRIVILEGES and, for functions, EXECUTE of
// PUBLIC; null when its owner alone has rights.
catalog::AccessListPtr InitialAccessList(const catalog::CatalogSnapshot& catalog, Target target,
                                         catalog::Oid object, catalog::Oid schema, int32_t owner);

// True when some list or default list of `catalog` names the grantee.
bool HoldsAnything(const catalog::CatalogSnapshot& catalog, const catalog::Grantee& grantee);
// True when the user owns a database, schema, relation, or default privileges.
bool OwnsAnything(const catalog::CatalogSnapshot& catalog, int32_t user);

// pg_class.relacl and its like: {ada=arwd/ada,"group etl=r/ada",=r/ada}, the text of
// an array; "" without a list.
std::string AccessListText(const catalog::CatalogSnapshot& catalog, Target target,
                           catalog::Oid object);
// The same of one column: pg_attribute.attacl.
std::string ColumnAccessListText(const catalog::CatalogSnapshot& catalog, catalog::Oid relation,
                                 const std::string& column);
// And of pg_default_acl.
std::string DefaultAccessListText(const catalog::CatalogSnapshot& catalog,
                                  const catalog::DefaultAccessList& list);

}  // namespace vesto::security
