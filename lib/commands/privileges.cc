#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"

// CREATE USER, CREATE GROUP, GRANT and REVOKE. Privileges are stored; they are enforced with the
// endpoint, where users other than the process's own connect.
namespace vesto::commands {
namespace {

using catalog::GrantEntry;

absl::StatusOr<std::pair<GrantEntry::Grantee, int32_t>> FindGrantee(
    const sql::GrantStatement::Grantee& grantee, int offset, const CommandContext& context) {
  using Kind = sql::GrantStatement::Grantee::Kind;
  switch (grantee.kind) {
    case Kind::kPublic: return std::pair(GrantEntry::Grantee::kPublic, 0);
    case Kind::kUser:
      for (const auto& user : context.catalog->users()) {
        if (user->name == grantee.name) return std::pair(GrantEntry::Grantee::kUser, user->id);
      }
      return SqlError(SqlState::kUndefinedObject,
                      absl::StrCat("user \"", grantee.name, "\" does not exist"))
          .At(offset);
    case Kind::kGroup:
      for (const auto& group : context.catalog->groups()) {
        if (group->name == grantee.name) return std::pair(GrantEntry::Grantee::kGroup, group->id);
      }
      return SqlError(SqlState::kUndefinedObject,
                      absl::StrCat("group \"", grantee.name, "\" does not exist"))
          .At(offset);
    case Kind::kRole: break;
  }
  return NotSupported("GRANT to ROLE", offset);
}

// The objects that a GRANT names, as (target, oid).
absl::StatusOr<std::vector<std::pair<GrantEntry::Target, catalog::Oid>>> FindObjects(
    const sql::GrantStatement& node, int offset, const CommandContext& context) {
  std::vector<std::pair<GrantEntry::Target, catalog::Oid>> objects;
  for (const sql::Name& name : node.objects) {
    if (node.all_in_schema || node.object_kind == sql::ObjectKind::kSchema) {
      const catalog::SchemaPtr schema = context.catalog->FindSchema(name.back());
      if (schema == nullptr) {
        return SqlError(SqlState::kInvalidSchemaName,
                        absl::StrCat("schema \"", name.back(), "\" does not exist"))
            .At(offset);
      }
      if (!node.all_in_schema) {
        objects.emplace_back(GrantEntry::Target::kSchema, schema->oid);
        continue;
      }
      for (const auto& table : context.catalog->tables()) {
        if (table->schema == schema->oid) {
          objects.emplace_back(GrantEntry::Target::kRelation, table->oid);
        }
      }
      for (const auto& view : context.catalog->views()) {
        if (view->schema == schema->oid) {
          objects.emplace_back(GrantEntry::Target::kRelation, view->oid);
        }
      }
      continue;
    }
    if (node.object_kind == sql::ObjectKind::kDatabase) {
      bool found = false;
      for (const auto& database : context.catalog->databases()) {
        if (database->name != name.back()) continue;
        objects.emplace_back(GrantEntry::Target::kDatabase, database->oid);
        found = true;
      }
      if (!found) {
        return SqlError(SqlState::kInvalidCatalogName,
                        absl::StrCat("database \"", name.back(), "\" does not exist"))
            .At(offset);
      }
      continue;
    }
    if (node.object_kind == sql::ObjectKind::kLanguage) continue;  // one for all: nothing to store
    if (node.object_kind != sql::ObjectKind::kTable && node.object_kind != sql::ObjectKind::kView) {
      return NotSupported("GRANT on this object", offset);
    }
    VESTO_ASSIGN_OR_RETURN(const catalog::RelationPtr relation,
                           FindRelation(name, context, offset));
    if (const auto* table = std::get_if<catalog::TablePtr>(&relation)) {
      objects.emplace_back(GrantEntry::Target::kRelation, (*table)->oid);
    } else if (const auto* view = std::get_if<catalog::ViewPtr>(&relation)) {
      objects.emplace_back(GrantEntry::Target::kRelation, (*view)->oid);
    } else {
      return SqlError(SqlState::kUndefinedTable,
                      absl::StrCat("relation \"", DisplayName(name), "\" does not exist"))
          .At(offset);
    }
  }
  return objects;
}

std::vector<std::string> AllPrivileges(GrantEntry::Target target) {
  switch (target) {
    case GrantEntry::Target::kDatabase: return {"create", "temporary"};
    case GrantEntry::Target::kSchema: return {"create", "usage"};
    default:
      return {"select", "insert", "update", "delete", "drop", "references", "alter", "truncate"};
  }
}

}  // namespace

Result RunCreateUser(const sql::CreateUserStatement& node, int offset, CommandContext& context) {
  int32_t next_id = catalog::kSuperuserId + 1;
  for (const auto& user : context.catalog->users()) {
    next_id = std::max(next_id, user->id + 1);
    if (node.kind == sql::ObjectKind::kUser && user->name == node.name) {
      return SqlError(SqlState::kDuplicateObject,
                      absl::StrCat("user \"", node.name, "\" already exists"))
          .At(offset);
    }
  }
  if (node.kind == sql::ObjectKind::kGroup) {
    int32_t group_id = 100;
    for (const auto& group : context.catalog->groups()) {
      group_id = std::max(group_id, group->id + 1);
      if (group->name == node.name) {
        return SqlError(SqlState::kDuplicateObject,
                        absl::StrCat("group \"", node.name, "\" already exists"))
            .At(offset);
      }
    }
    auto group = std::make_shared<catalog::GroupEntry>();
    group->id = group_id;
    group->name = node.name;
    for (const std::string& name : node.users) {
      sql::GrantStatement::Grantee member{sql::GrantStatement::Grantee::Kind::kUser, name};
      VESTO_ASSIGN_OR_RETURN(const auto found, FindGrantee(member, offset, context));
      group->members.push_back(found.second);
    }
    context.changes.PutGroup(std::move(group));
    return CommandResult{};
  }
  if (node.name == "public") {
    return SqlError(SqlState::kInvalidName, "user name \"public\" is reserved").At(offset);
  }
  auto user = std::make_shared<catalog::UserEntry>();
  user->id = next_id;
  user->name = node.name;
  for (const auto& [key, value] : node.options) {
    if (key == "createdb") user->create_db = true;
    if (key == "createuser") user->superuser = true;
    // Authentication comes with the endpoint; until then a password is accepted and forgotten, so
    // that it stands in no view, log or dump.
    if (key == "password") continue;
    user->options.emplace_back(key, value);
    if (key != "in group") continue;
    for (const auto& group : context.catalog->groups()) {
      if (group->name != value) continue;
      auto changed = std::make_shared<catalog::GroupEntry>(*group);
      changed->members.push_back(user->id);
      context.changes.PutGroup(std::move(changed));
    }
  }
  context.changes.PutUser(std::move(user));
  return CommandResult{};
}

Result RunGrant(const sql::GrantStatement& node, int offset, CommandContext& context) {
  VESTO_ASSIGN_OR_RETURN(const auto objects, FindObjects(node, offset, context));
  std::vector<GrantEntry> grants = context.catalog->grants();
  for (const sql::GrantStatement::Grantee& name : node.grantees) {
    VESTO_ASSIGN_OR_RETURN(const auto grantee, FindGrantee(name, offset, context));
    for (const auto& [target, oid] : objects) {
      for (size_t p = 0; p < node.privileges.size(); ++p) {
        std::vector<std::string> privileges = {node.privileges[p]};
        if (privileges[0] == "all") privileges = AllPrivileges(target);
        std::vector<std::string> columns = {""};
        if (p < node.privilege_columns.size() && !node.privilege_columns[p].empty()) {
          columns = node.privilege_columns[p];
        }
        for (const std::string& privilege : privileges) {
          for (const std::string& column : columns) {
            GrantEntry entry;
            entry.target = column.empty() ? target : GrantEntry::Target::kColumn;
            entry.object = oid;
            entry.column = column;
            entry.privilege = privilege;
            entry.grantee_kind = grantee.first;
            entry.grantee = grantee.second;
            entry.grantor = context.user_id;
            entry.grant_option = node.grant_option && !node.revoke;
            std::erase_if(grants, [&](const GrantEntry& other) {
              return other.target == entry.target && other.object == entry.object &&
                     other.column == entry.column && other.privilege == entry.privilege &&
                     other.grantee_kind == entry.grantee_kind && other.grantee == entry.grantee;
            });
            if (!node.revoke) grants.push_back(std::move(entry));
          }
        }
      }
    }
  }
  context.changes.SetGrants(std::move(grants));
  return CommandResult{};
}

}  // namespace vesto::commands
