#include "sysview/access_lists.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "security/access.h"
#include "security/granting.h"
#include "types/array_text.h"

namespace vesto::sysview {

using catalog::Grantee;

Value AccessList(const SystemState& state, security::Target target, catalog::Oid object,
                 std::string_view column) {
  const std::string text =
      column.empty() ? security::AccessListText(*state.catalog, target, object)
                     : security::ColumnAccessListText(*state.catalog, object, std::string(column));
  return text.empty() ? Value() : Text(text);
}

bool MaySee(const SystemState& state, const Relation& relation) {
  if (relation.system != nullptr) return true;
  const security::Access access(*state.catalog, state.user_id);
  return access.Owns(relation.owner) || access.HeldOnAnyColumn(relation.oid) != 0;
}

std::string GranteeKind(const Grantee& grantee) {
  switch (grantee.kind) {
    case Grantee::Kind::kUser: return "user";
    case Grantee::Kind::kGroup: return "group";
    case Grantee::Kind::kRole: return "role";
    case Grantee::Kind::kPublic: return "public";
  }
  return "";
}

std::string GranteeName(const SystemState& state, const Grantee& grantee) {
  switch (grantee.kind) {
    case Grantee::Kind::kUser: return state.UserName(grantee.id);
    case Grantee::Kind::kGroup:
      for (const auto& group : state.catalog->groups()) {
        if (group->id == grantee.id) return group->name;
      }
      return absl::StrCat(grantee.id);
    case Grantee::Kind::kRole: return absl::StrCat(grantee.id);
    case Grantee::Kind::kPublic: return "public";
  }
  return "";
}

void ForEachPrivilege(const std::vector<catalog::Grant>& grants, std::string_view column,
                      const std::function<void(const HeldPrivilege&)>& each) {
  for (const catalog::Grant& grant : grants) {
    if (grant.column != column) continue;
    for (catalog::Privileges bit = 1; bit != 0; bit <<= 1) {
      if ((grant.privileges & bit) == 0) continue;
      each({grant.grantee, grant.grantor, std::string(security::PrivilegeName(bit)),
            (grant.grant_options & bit) != 0});
    }
  }
}

std::vector<source::SourceColumn> IdentityColumns() {
  return {IntegerColumn("identity_id"), TypedColumn("identity_name", Type{TypeId::kText}),
          TypedColumn("identity_type", Type{TypeId::kText}), BooleanColumn("admin_option"),
          Hidden(TypedColumn("grantor_name", Type{TypeId::kText}))};
}

void AddIdentity(const SystemState& state, const HeldPrivilege& held, std::vector<Value>* row) {
  row->push_back(Number(held.grantee.id));
  row->push_back(Text(GranteeName(state, held.grantee)));
  row->push_back(Text(GranteeKind(held.grantee)));
  row->push_back(Flag(held.admin_option));
  row->push_back(Text(state.UserName(held.grantor)));
}

bool SeesGrant(const SystemState& state, int32_t owner, const Grantee& grantee) {
  const security::Access access(*state.catalog, state.user_id);
  return access.Owns(owner) || access.Includes(grantee);
}

std::vector<source::SourceColumn> UserColumns() {
  return {NameColumn("usename"),
          IntegerColumn("usesysid"),
          BooleanColumn("usecreatedb"),
          BooleanColumn("usesuper"),
          BooleanColumn("usecatupd"),
          TypedColumn("passwd", Type{TypeId::kText}),
          TypedColumn("valuntil", Type::TimestampTz()),
          ArrayColumn("useconfig", TypeId::kText)};
}

std::vector<Value> UserValues(const catalog::UserEntry& user) {
  return {Text(user.name),
          Number(user.id),
          Flag(user.create_db),
          Flag(user.superuser),
          Flag(UpdatesCatalogs(user)),
          Text("********"),
          ValidUntil(user),
          UserConfig(user)};
}

// The engine's own user alone: Redshift's superusers do not (Developer Guide, "Creating, altering,
// and deleting users").
bool UpdatesCatalogs(const catalog::UserEntry& user) { return user.id == 1; }

std::string ConnectionLimitText(const catalog::UserEntry& user) {
  return user.connection_limit < 0 ? "UNLIMITED" : absl::StrCat(user.connection_limit);
}

std::string SyslogAccessText(const catalog::UserEntry& user) {
  return user.syslog_unrestricted || user.superuser ? "UNRESTRICTED" : "RESTRICTED";
}

Value ValidUntil(const catalog::UserEntry& user) {
  return user.valid_until_micros.has_value() ? Time(*user.valid_until_micros) : Value();
}

Value UserConfig(const catalog::UserEntry& user) {
  types::ArrayElements elements;
  for (const auto& [name, value] : user.parameters) {
    elements.push_back(absl::StrCat(name, "=", value));
  }
  return elements.empty() ? Value() : Text(types::FormatArray(elements));
}

}  // namespace vesto::sysview
