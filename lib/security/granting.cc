#include "security/granting.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "security/access.h"
#include "types/array_text.h"

namespace vesto::security {
namespace {

using catalog::AccessList;
using catalog::Grant;
using catalog::Grantee;

Grant* Find(AccessList* list, const GrantChange& change) {
  for (Grant& grant : list->grants) {
    if (grant.grantee == change.grantee && grant.grantor == change.grantor &&
        grant.column == change.column) {
      return &grant;
    }
  }
  return nullptr;
}

Privileges OptionsOf(const AccessList& list, int32_t user, int32_t owner) {
  if (user == owner) return ~Privileges{0};
  Privileges options = 0;
  for (const Grant& grant : list.grants) {
    if (grant.grantee.kind == Grantee::Kind::kUser && grant.grantee.id == user) {
      options |= grant.grant_options;
    }
  }
  return options;
}

// Takes back what `user` passed on without having the option any more.
absl::Status RevokeDependent(int32_t user, int32_t owner, Privileges lost, bool cascade,
                             AccessList* list) {
  lost &= ~OptionsOf(*list, user, owner);
  if (lost == 0) return absl::OkStatus();
  while (true) {
    const auto dependent =
        std::find_if(list->grants.begin(), list->grants.end(), [&](const Grant& grant) {
          return grant.grantor == user && (grant.privileges & lost) != 0;
        });
    if (dependent == list->grants.end()) return absl::OkStatus();
    if (!cascade) {
      return SqlError(SqlState::kDependentObjectsStillExist, "dependent privileges exist")
          .Hint("Use CASCADE to revoke them too.");
    }
    GrantChange change{.revoke = true,
                       .grantee = dependent->grantee,
                       .grantor = user,
                       .owner = owner,
                       .column = dependent->column,
                       .privileges = dependent->privileges & lost,
                       .cascade = true};
    VESTO_RETURN_IF_ERROR(ApplyGrant(change, list));
  }
}

absl::Status Give(const GrantChange& change, AccessList* list) {
  const bool to_user = change.grantee.kind == Grantee::Kind::kUser;
  if (change.grant_option && !to_user) {
    return SqlError(SqlState::kInvalidGrantOperation,
                    "grant options can only be granted to individual users");
  }
  if (to_user && change.grantee.id == change.owner) {
    // The owner holds it anyway, unless it was revoked.
    if (change.column.empty()) list->owner_lost &= ~change.privileges;
    return absl::OkStatus();
  }
  if (change.grant_option && change.grantor != change.owner) {
    // Without the grantee's options, would the grantor still have his?
    AccessList without = *list;
    for (Grant& grant : without.grants) {
      if (grant.grantee == change.grantee) grant.grant_options &= ~change.privileges;
    }
    VESTO_RETURN_IF_ERROR(RevokeDependent(change.grantee.id, change.owner, change.privileges,
                                          /*cascade=*/true, &without));
    if ((OptionsOf(without, change.grantor, change.owner) & change.privileges) !=
        change.privileges) {
      return SqlError(SqlState::kInvalidGrantOperation,
                      "grant options cannot be granted back to your own grantor");
    }
  }
  Grant* grant = Find(list, change);
  if (grant == nullptr) {
    list->grants.push_back({change.grantee, change.grantor, change.column});
    grant = &list->grants.back();
  }
  grant->privileges |= change.privileges;
  if (change.grant_option) grant->grant_options |= change.privileges;
  return absl::OkStatus();
}

absl::Status Take(const GrantChange& change, AccessList* list) {
  const bool from_user = change.grantee.kind == Grantee::Kind::kUser;
  if (from_user && change.grantee.id == change.owner && change.grantor == change.owner) {
    if (change.column.empty() && !change.grant_option) list->owner_lost |= change.privileges;
    return absl::OkStatus();
  }
  Grant* grant = Find(list, change);
  if (grant == nullptr) return absl::OkStatus();
  const Privileges options = grant->grant_options & change.privileges;
  grant->grant_options &= ~change.privileges;
  if (!change.grant_option) grant->privileges &= ~change.privileges;
  std::erase_if(list->grants, [](const Grant& one) { return one.privileges == 0; });
  if (!from_user || options == 0) return absl::OkStatus();
  return RevokeDependent(change.grantee.id, change.owner, options, change.cascade, list);
}

std::string QuotedName(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '_';
  });
  if (plain) return name;
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string UserName(const catalog::CatalogSnapshot& catalog, int32_t id) {
  const auto user = catalog.FindUser(id);
  return user == nullptr ? absl::StrCat(id) : QuotedName(user->name);
}

std::string ItemText(const catalog::CatalogSnapshot& catalog, const Grant& grant) {
  std::string who;
  switch (grant.grantee.kind) {
    case Grantee::Kind::kUser: who = UserName(catalog, grant.grantee.id); break;
    case Grantee::Kind::kGroup:
      for (const auto& group : catalog.groups()) {
        if (group->id == grant.grantee.id) who = absl::StrCat("group ", QuotedName(group->name));
      }
      break;
    case Grantee::Kind::kRole: who = absl::StrCat("role ", grant.grantee.id); break;
    case Grantee::Kind::kPublic: break;
  }
  return absl::StrCat(who, "=", PrivilegeLetters(grant.privileges, grant.grant_options), "/",
                      UserName(catalog, grant.grantor));
}

}  // namespace

Privileges GrantedByAll(Target target) {
  if (target == Target::kSchema) return catalog::kUsage | catalog::kCreate;
  if (target == Target::kDatabase) return catalog::kCreate | catalog::kTemporary;
  return AllPrivileges(target);
}

absl::Status ApplyGrant(const GrantChange& change, AccessList* list) {
  if (change.privileges == 0) return absl::OkStatus();
  return change.revoke ? Take(change, list) : Give(change, list);
}

void ChangeOwner(int32_t former, int32_t owner, AccessList* list) {
  std::vector<Grant> grants;
  for (Grant grant : list->grants) {
    if (grant.grantor == former) grant.grantor = owner;
    if (grant.grantee.kind == Grantee::Kind::kUser &&
        (grant.grantee.id == owner || grant.grantee.id == former)) {
      continue;
    }
    const auto same = std::find_if(grants.begin(), grants.end(), [&grant](const Grant& other) {
      return other.grantee == grant.grantee && other.grantor == grant.grantor &&
             other.column == grant.column;
    });
    if (same == grants.end()) {
      grants.push_back(std::move(grant));
    } else {
      same->privileges |= grant.privileges;
      same->grant_options |= grant.grant_options;
    }
  }
  list->grants = std::move(grants);
}

catalog::AccessListPtr InitialAccessList(const catalog::CatalogSnapshot& catalog, Target target,
                                         catalog::Oid object, catalog::Oid schema, int32_t owner) {
  auto list = std::make_shared<AccessList>();
  list->target = target;
  list->object = object;
  bool public_execute = target == Target::kFunction;
  for (const auto& defaults : catalog.default_access_lists()) {
    if (defaults->user != owner || defaults->target != target) continue;
    if (defaults->schema == 0) public_execute = false;  // the list says it all, as in PostgreSQL
    if (defaults->schema != 0 && defaults->schema != schema) continue;
    for (const Grant& grant : defaults->grants) {
      GrantChange change{.grantee = grant.grantee,
                         .grantor = owner,
                         .owner = owner,
                         .privileges = grant.privileges & ~grant.grant_options};
      // Cannot fail: without options there is no circle, and with them the owner is the grantor.
      ApplyGrant(change, list.get()).IgnoreError();
      change.privileges = grant.grant_options;
      change.grant_option = true;
      ApplyGrant(change, list.get()).IgnoreError();
    }
  }
  if (public_execute) {
    list->grants.push_back({Grantee{Grantee::Kind::kPublic, 0}, owner, "", catalog::kExecute, 0});
  }
  if (list->grants.empty()) return nullptr;
  return list;
}

bool HoldsAnything(const catalog::CatalogSnapshot& catalog, const Grantee& grantee) {
  const auto named = [&grantee](const std::vector<Grant>& grants) {
    return std::any_of(grants.begin(), grants.end(), [&grantee](const Grant& grant) {
      return grant.grantee == grantee ||
             (grantee.kind == Grantee::Kind::kUser && grant.grantor == grantee.id);
    });
  };
  for (const auto& list : catalog.access_lists()) {
    if (named(list->grants) && OwnerOf(catalog, list->target, list->object) >= 0) return true;
  }
  for (const auto& list : catalog.default_access_lists()) {
    if (named(list->grants)) return true;
  }
  return false;
}

bool OwnsAnything(const catalog::CatalogSnapshot& catalog, int32_t user) {
  for (const auto& table : catalog.tables()) {
    if (table->owner == user) return true;
  }
  for (const auto& view : catalog.views()) {
    if (view->owner == user) return true;
  }
  for (const auto& schema : catalog.schemas()) {
    if (schema->owner == user) return true;
  }
  for (const auto& database : catalog.databases()) {
    if (database->owner == user) return true;
  }
  for (const auto& list : catalog.default_access_lists()) {
    if (list->user == user) return true;
  }
  return false;
}

std::string AccessListText(const catalog::CatalogSnapshot& catalog, Target target,
                           catalog::Oid object) {
  const auto list = catalog.FindAccessList(object);
  if (list == nullptr) return "";
  const std::string owner = UserName(catalog, OwnerOf(catalog, target, object));
  const Privileges kept = GrantedByAll(target) & ~list->owner_lost;
  types::ArrayElements items;
  if (kept != 0) items.push_back(absl::StrCat(owner, "=", PrivilegeLetters(kept, 0), "/", owner));
  for (const Grant& grant : list->grants) {
    if (grant.column.empty()) items.push_back(ItemText(catalog, grant));
  }
  return types::FormatArray(items);
}

std::string ColumnAccessListText(const catalog::CatalogSnapshot& catalog, catalog::Oid relation,
                                 const std::string& column) {
  const auto list = catalog.FindAccessList(relation);
  types::ArrayElements items;
  if (list == nullptr || column.empty()) return "";
  for (const Grant& grant : list->grants) {
    if (grant.column == column) items.push_back(ItemText(catalog, grant));
  }
  return items.empty() ? "" : types::FormatArray(items);
}

std::string DefaultAccessListText(const catalog::CatalogSnapshot& catalog,
                                  const catalog::DefaultAccessList& list) {
  types::ArrayElements items;
  for (const Grant& grant : list.grants) items.push_back(ItemText(catalog, grant));
  return types::FormatArray(items);
}

}  // namespace vesto::security
