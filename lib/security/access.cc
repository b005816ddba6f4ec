#include "security/access.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::security {
namespace {

absl::Status Denied(std::string_view noun, std::string_view name) {
  return SqlError(SqlState::kInsufficientPrivilege,
                  absl::StrCat("permission denied for ", sv(noun), " ", sv(name)));
}

}  // namespace

std::string_view NounOf(Target target) {
  switch (target) {
    case Target::kRelation: return "relation";
    case Target::kSchema: return "schema";
    case Target::kDatabase: return "database";
    case Target::kFunction: return "function";
    case Target::kProcedure: return "procedure";
    case Target::kLanguage: return "language";
  }
  return "object";
}

int32_t OwnerOf(const catalog::CatalogSnapshot& catalog, Target target, catalog::Oid object) {
  switch (target) {
    case Target::kRelation:
      if (const auto table = catalog.FindTable(object)) return table->owner;
      if (const auto view = catalog.FindView(object)) return view->owner;
      return -1;
    case Target::kSchema: {
      const auto schema = catalog.FindSchema(object);
      return schema == nullptr ? -1 : schema->owner;
    }
    case Target::kDatabase:
      for (const auto& database : catalog.databases()) {
        if (database->oid == object) return database->owner;
      }
      return -1;
    case Target::kLanguage:
      for (const catalog::LanguageEntry& language : catalog::kLanguages) {
        if (language.oid == object) return catalog::kSuperuserId;
      }
      return -1;
    case Target::kFunction:
    case Target::kProcedure: return -1;  // the catalog has none yet
  }
  return -1;
}

Access::Access(const catalog::CatalogSnapshot& catalog, int32_t user_id)
    : catalog_(catalog), user_id_(user_id), user_(catalog.FindUser(user_id)) {
  if (user_ == nullptr || user_->superuser) return;
  for (const auto& group : catalog.groups()) {
    if (std::find(group->members.begin(), group->members.end(), user_id) != group->members.end()) {
      groups_.push_back(group->id);
    }
  }
}

bool Access::Includes(const catalog::Grantee& grantee) const {
  using Kind = catalog::Grantee::Kind;
  switch (grantee.kind) {
    case Kind::kUser: return grantee.id == user_id_;
    case Kind::kGroup:
      return std::find(groups_.begin(), groups_.end(), grantee.id) != groups_.end();
    case Kind::kPublic: return true;
    case Kind::kRole: return false;  // there are no roles yet
  }
  return false;
}

template <typename Visit>
void Access::ForEachGrant(catalog::Oid object, Visit&& visit) const {
  if (user_ == nullptr) return;
  const catalog::AccessListPtr list = catalog_.FindAccessList(object);
  if (list == nullptr) return;
  for (const catalog::Grant& grant : list->grants) {
    if (Includes(grant.grantee)) visit(grant);
  }
}

Privileges Access::Held(Target target, catalog::Oid object) const {
  if (user_ == nullptr) return 0;
  if (user_->superuser) return AllPrivileges(target);
  Privileges held = 0;
  if (OwnerOf(catalog_, target, object) == user_id_) {
    held = AllPrivileges(target);
    if (const auto list = catalog_.FindAccessList(object)) held &= ~list->owner_lost;
  }
  // Definitions of the system are everybody's to look at.
  if (target == Target::kSchema && (object == catalog::kPgCatalogSchemaOid ||
                                    object == catalog::kInformationSchemaOid)) {
    held |= catalog::kUsage;
  }
  ForEachGrant(object, [&held](const catalog::Grant& grant) {
    if (grant.column.empty()) held |= grant.privileges;
  });
  return held;
}

Privileges Access::GrantOptions(Target target, catalog::Oid object) const {
  if (user_ == nullptr) return 0;
  if (Owns(OwnerOf(catalog_, target, object))) return AllPrivileges(target);
  Privileges options = 0;
  ForEachGrant(object, [&options](const catalog::Grant& grant) {
    if (grant.column.empty()) options |= grant.grant_options;
  });
  return options;
}

Privileges Access::HeldOnColumn(catalog::Oid relation, std::string_view column) const {
  Privileges held = 0;
  ForEachGrant(relation, [&](const catalog::Grant& grant) {
    if (grant.column == column && !column.empty()) held |= grant.privileges;
  });
  return held;
}

Privileges Access::HeldOnAnyColumn(catalog::Oid relation) const {
  Privileges held = 0;
  ForEachGrant(relation, [&held](const catalog::Grant& grant) { held |= grant.privileges; });
  return held;
}

absl::Status Access::Check(Target target, catalog::Oid object, std::string_view name,
                           Privileges any) const {
  if ((Held(target, object) & any) != 0) return absl::OkStatus();
  return Denied(NounOf(target), name);
}

absl::Status Access::CheckOwner(Target target, int32_t owner, std::string_view name) const {
  if (Owns(owner)) return absl::OkStatus();
  return SqlError(SqlState::kInsufficientPrivilege,
                  absl::StrCat("must be owner of ", sv(NounOf(target)), " ", sv(name)));
}

absl::Status Access::CheckSuperuser(std::string_view message) const {
  if (superuser()) return absl::OkStatus();
  return SqlError(SqlState::kInsufficientPrivilege, std::string(message));
}

absl::Status Access::CheckOne(const RequiredPrivilege& required) const {
  if (superuser()) return absl::OkStatus();
  const Privileges wanted = ParsePrivilege(required.privilege).value_or(0);
  switch (required.target) {
    case RequiredPrivilege::Target::kSchema:
      return Check(Target::kSchema, required.object, required.object_name, wanted);
    case RequiredPrivilege::Target::kDatabase: {
      const auto database = catalog_.FindDatabase(required.object_name);
      return Check(Target::kDatabase, database == nullptr ? 0 : database->oid,
                   required.object_name, wanted);
    }
    case RequiredPrivilege::Target::kSystemRelation:
      return Denied("relation", required.object_name);
    case RequiredPrivilege::Target::kRelation: break;
  }
  if ((Held(Target::kRelation, required.object) & wanted) != 0) return absl::OkStatus();
  bool enough = !required.columns.empty();
  for (const std::string& column : required.columns) {
    enough = enough && (HeldOnColumn(required.object, column) & wanted) != 0;
  }
  if (required.columns.empty() && wanted == catalog::kSelect) {
    enough = (HeldOnAnyColumn(required.object) & wanted) != 0;
  }
  return enough ? absl::OkStatus() : Denied("relation", required.object_name);
}

absl::Status CheckPrivileges(const catalog::CatalogSnapshot& catalog, int32_t user_id,
                             std::span<const RequiredPrivilege> required) {
  const Access session(catalog, user_id);
  for (const RequiredPrivilege& one : required) {
    if (one.as_user < 0 || one.as_user == user_id) {
      VESTO_RETURN_IF_ERROR(session.CheckOne(one));
    } else {
      VESTO_RETURN_IF_ERROR(Access(catalog, one.as_user).CheckOne(one));
    }
  }
  return absl::OkStatus();
}

}  // namespace vesto::security
