#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catalog/catalog.h"
#include "security/privilege.h"

// Who may do what: the one place where rights are looked up. Roles, row-level security and masking
// will be found here too.
namespace vesto::security {

// One privilege that a statement needs. The binder lists them; CheckPrivileges decides.
struct RequiredPrivilege {
  enum class Target : uint8_t {
    kRelation,
    kSchema,
    kDatabase,
    kSystemRelation,  // a system view that only superusers read
  };
  Target target = Target::kRelation;
  catalog::Oid object = 0;  // kDatabase: 0, the name counts
  std::string object_name;  // for `permission denied for relation x`
  std::string privilege;    // lower case: "select", "insert", "usage", "create", "temp", ...
  // The columns touched; a grant on each of them is enough. Empty: the whole object, but for
  // SELECT, which then wants any column (COUNT(*)).
  std::vector<std::string> columns;
  // The user whose rights count: a view reads its tables as its owner. -1 = the session's user.
  int32_t as_user = -1;
};

// One user's rights in the light of one snapshot: his own, his groups' and PUBLIC's.
// A user who was dropped meanwhile has no rights, not even PUBLIC's.
// The snapshot must outlive it. Thread-safety: immutable.
class Access {
 public:
  Access(const catalog::CatalogSnapshot& catalog, int32_t user_id);

  int32_t user_id() const { return user_id_; }
  bool superuser() const { return user_ != nullptr && user_->superuser; }
  // Sees the queries of others in the system views.
  bool sees_all_queries() const {
    return user_ != nullptr && (user_->superuser || user_->syslog_unrestricted);
  }
  bool can_create_databases() const {
    return user_ != nullptr && (user_->superuser || user_->create_db);
  }

  // The user himself, a group of his, or PUBLIC.
  bool Includes(const catalog::Grantee& grantee) const;

  // Superusers own everything.
  bool Owns(int32_t owner) const { return superuser() || (user_ != nullptr && owner == user_id_); }

  // The privileges held on a whole object; the ones that may be passed on.
  Privileges Held(Target target, catalog::Oid object) const;
  Privileges GrantOptions(Target target, catalog::Oid object) const;
  // Those held on one column beyond the whole relation's.
  Privileges HeldOnColumn(catalog::Oid relation, std::string_view column) const;
  Privileges HeldOnAnyColumn(catalog::Oid relation) const;

  // 42501 `permission denied for <relation> <name>` unless one of the bits of `any` is held.
  absl::Status Check(Target target, catalog::Oid object, std::string_view name,
                     Privileges any) const;
  // 42501 `must be owner of <relation> <name>`.
  absl::Status CheckOwner(Target target, int32_t owner, std::string_view name) const;
  // 42501 `<message>` for everybody but superusers: "must be superuser to create users".
  absl::Status CheckSuperuser(std::string_view message) const;

 private:
  friend absl::Status CheckPrivileges(const catalog::CatalogSnapshot& catalog, int32_t user_id,
                                      std::span<const RequiredPrivilege> required);
  absl::Status CheckOne(const RequiredPrivilege& required) const;
  template <typename Visit>
  void ForEachGrant(catalog::Oid object, Visit&& visit) const;

  const catalog::CatalogSnapshot& catalog_;
  const int32_t user_id_;
  const catalog::UserPtr user_;  // null: dropped
  std::vector<int32_t> groups_;
};

// Checks everything that a statement needs, each as the user that counts. 42501 for the first
// privilege that is missing. Called at every execution, so that a revoke acts at once.
absl::Status CheckPrivileges(const catalog::CatalogSnapshot& catalog, int32_t user_id,
                             std::span<const RequiredPrivilege> required);

// The owner of an object; kSuperuserId for what has none of its own, -1 where there is no such
// object.
int32_t OwnerOf(const catalog::CatalogSnapshot& catalog, Target target, catalog::Oid object);

// "relation", "schema", ...: as PostgreSQL's error texts call it.
std::string_view NounOf(Target target);

}  // namespace vesto::security
