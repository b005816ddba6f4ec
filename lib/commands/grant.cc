#include <algorithm>
#include <bit>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"
#include "security/granting.h"

// GRANT, REVOKE and ALTER DEFAULT PRIVILEGES. Source: redshift/statements.md D and G; PostgreSQL 8.0
// for who counts as grantor and what is a warning.
namespace vesto::commands {
namespace {

using catalog::Grantee;
using security::GrantChange;
using security::Privileges;
using Target = catalog::AccessList::Target;

struct Object {
  Target target = Target::kRelation;
  catalog::Oid oid = 0;
  std::string name;
  int32_t owner = catalog::kSuperuserId;
  bool view = false, late_binding = false;
  std::vector<std::string> columns;
};

absl::Status InvalidGrant(std::string message, int offset) {
  return SqlError(SqlState::kInvalidGrantOperation, std::move(message)).At(offset);
}

absl::StatusOr<Grantee> FindGrantee(const sql::GrantStatement::Grantee& name, int offset,
                                    const CommandContext& context) {
  using Kind = sql::GrantStatement::Grantee::Kind;
  switch (name.kind) {
    case Kind::kPublic: return Grantee{Grantee::Kind::kPublic, 0};
    case Kind::kUser: {
      VESTO_ASSIGN_OR_RETURN(const auto user, FindUser(name.name, context, offset));
      return Grantee{Grantee::Kind::kUser, user->id};
    }
    case Kind::kGroup:
      for (const auto& group : context.catalog->groups()) {
        if (group->name == name.name) return Grantee{Grantee::Kind::kGroup, group->id};
      }
      return SqlError(SqlState::kUndefinedObject,
                      absl::StrCat("group \"", name.name, "\" does not exist"))
          .At(offset);
    case Kind::kRole: break;
  }
  return NotSupported("GRANT to ROLE", offset);
}

Object TableObject(const catalog::TableEntry& table) {
  Object object{Target::kRelation, table.oid, table.name, table.owner};
  for (const auto& column : table.columns) object.columns.push_back(column.name);
  return object;
}

Object ViewObject(const catalog::ViewEntry& view) {
  Object object{Target::kRelation, view.oid, view.name, view.owner, true, view.late_binding};
  object.columns = view.column_names;
  return object;
}

absl::StatusOr<catalog::SchemaPtr> NamedSchema(const std::string& name,
                                               const CommandContext& context, int offset) {
  if (auto schema = context.catalog->FindSchema(std::string_view(name))) return schema;
  return SqlError(SqlState::kInvalidSchemaName,
                  absl::StrCat("schema \"", name, "\" does not exist"))
      .At(offset);
}

absl::Status AddAllInSchema(const sql::GrantStatement& node, const sql::Name& name, int offset,
                            const CommandContext& context, std::vector<Object>* objects) {
  VESTO_ASSIGN_OR_RETURN(const auto schema, NamedSchema(name.back(), context, offset));
  // Functions and procedures do not exist yet: there is nothing to grant on.
  if (node.object_kind != sql::ObjectKind::kTable) return absl::OkStatus();
  for (const auto& table : context.catalog->tables()) {
    if (table->schema == schema->oid) objects->push_back(TableObject(*table));
  }
  for (const auto& view : context.catalog->views()) {
    if (view->schema == schema->oid) objects->push_back(ViewObject(*view));
  }
  return absl::OkStatus();
}

absl::StatusOr<Object> FindObject(const sql::GrantStatement& node, size_t index, int offset,
                                  const CommandContext& context) {
  const sql::Name& name = node.objects[index];
  switch (node.object_kind) {
    case sql::ObjectKind::kSchema: {
      VESTO_ASSIGN_OR_RETURN(const auto schema, NamedSchema(name.back(), context, offset));
      return Object{Target::kSchema, schema->oid, schema->name, schema->owner};
    }
    case sql::ObjectKind::kDatabase:
      if (const auto database = context.catalog->FindDatabase(name.back())) {
        return Object{Target::kDatabase, database->oid, database->name, database->owner};
      }
      return SqlError(SqlState::kInvalidCatalogName,
                      absl::StrCat("database \"", name.back(), "\" does not exist"))
          .At(offset);
    case sql::ObjectKind::kLanguage:
      for (const catalog::LanguageEntry& language : catalog::kLanguages) {
        if (name.back() == language.name) {
          return Object{Target::kLanguage, language.oid, language.name};
        }
      }
      return SqlError(SqlState::kUndefinedObject,
                      absl::StrCat("language \"", name.back(), "\" does not exist"))
          .At(offset);
    case sql::ObjectKind::kFunction:
    case sql::ObjectKind::kProcedure: {
      const bool function = node.object_kind == sql::ObjectKind::kFunction;
      if (function && context.bind.functions.FindScalar(name.back()) != nullptr) {
        return NotSupported("GRANT on a built-in function", offset);
      }
      const std::string& signature = node.signatures[index];
      return SqlError(SqlState::kUndefinedFunction,
                      absl::StrCat(function ? "function " : "procedure ", DisplayName(name),
                                   signature.empty() ? "()" : signature, " does not exist"))
          .At(offset);
    }
    case sql::ObjectKind::kTable:
    case sql::ObjectKind::kView: break;
    default: return NotSupported("GRANT on this object", offset);
  }
  VESTO_ASSIGN_OR_RETURN(const catalog::RelationPtr relation, FindRelation(name, context, offset));
  if (const auto* table = std::get_if<catalog::TablePtr>(&relation)) return TableObject(**table);
  if (const auto* view = std::get_if<catalog::ViewPtr>(&relation)) return ViewObject(**view);
  return SqlError(SqlState::kUndefinedTable,
                  absl::StrCat("relation \"", DisplayName(name), "\" does not exist"))
      .At(offset);
}

// One item of the list after GRANT: a privilege, on the whole object or on columns.
struct Item {
  Privileges privileges = 0;
  std::vector<std::string> columns;
};

absl::StatusOr<Privileges> ReadPrivilege(const std::string& word, Privileges allowed,
                                         std::string_view of, int offset) {
  const auto privilege = security::ParsePrivilege(word);
  if (!privilege.has_value()) {
    return SqlError(SqlState::kSyntaxError,
                    absl::StrCat("unrecognized privilege type \"", word, "\""))
        .At(offset);
  }
  if ((*privilege & allowed) == 0) {
    return InvalidGrant(absl::StrCat("invalid privilege type ", absl::AsciiStrToUpper(word),
                                     " for ", sv(of)),
                        offset);
  }
  return *privilege;
}

absl::StatusOr<std::vector<Item>> ReadItems(const sql::GrantStatement& node, const Object& object,
                                            int offset) {
  std::vector<Item> items;
  for (size_t i = 0; i < node.privileges.size(); ++i) {
    Item item;
    if (i < node.privilege_columns.size()) item.columns = node.privilege_columns[i];
    const bool on_columns = !item.columns.empty();
    if (on_columns && object.target != Target::kRelation) {
      return InvalidGrant("column privileges are only valid for relations", offset);
    }
    if (on_columns && object.late_binding) {
      return NotSupported("GRANT on columns of a late-binding view", offset);
    }
    for (const std::string& column : item.columns) {
      if (std::find(object.columns.begin(), object.columns.end(), column) ==
          object.columns.end()) {
        return SqlError(SqlState::kUndefinedColumn,
                        absl::StrCat("column \"", column, "\" of relation \"", object.name,
                                     "\" does not exist"))
            .At(offset);
      }
    }
    Privileges allowed = security::AllPrivileges(object.target);
    if (on_columns) allowed = object.view ? catalog::kSelect : security::kColumnPrivileges;
    if (node.privileges[i] == "all") {
      item.privileges =
          on_columns || node.revoke ? allowed : security::GrantedByAll(object.target);
    } else {
      const std::string_view of = on_columns ? "column" : security::TargetName(object.target);
      VESTO_ASSIGN_OR_RETURN(item.privileges, ReadPrivilege(node.privileges[i], allowed, of, offset));
    }
    items.push_back(std::move(item));
  }
  return items;
}

catalog::AccessList ListOf(const Object& object, const CommandContext& context) {
  if (const auto list = context.catalog->FindAccessList(object.oid)) return *list;
  catalog::AccessList list;
  list.target = object.target;
  list.object = object.oid;
  return list;
}

absl::Status GrantOn(const Object& object, const sql::GrantStatement& node, int offset,
                     CommandContext& context) {
  VESTO_ASSIGN_OR_RETURN(const std::vector<Item> items, ReadItems(node, object, offset));
  const security::Access rights = context.Rights();
  // Superusers act as the owner; others pass on what they may.
  const bool as_owner = rights.Owns(object.owner);
  const Privileges options =
      as_owner ? ~Privileges{0} : rights.GrantOptions(object.target, object.oid);
  Privileges wanted = 0;
  for (const Item& item : items) wanted |= item.privileges;
  if ((options & wanted) != wanted) {
    if (options == 0 && rights.Held(object.target, object.oid) == 0) {
      return rights.Check(object.target, object.oid, object.name, 0);
    }
    const char* verb = node.revoke ? "revoked" : "granted";
    context.notice("WARNING", (options & wanted) == 0
                                  ? absl::StrCat("no privileges were ", verb)
                                  : absl::StrCat("not all privileges were ", verb));
  }
  catalog::AccessList list = ListOf(object, context);
  for (const sql::GrantStatement::Grantee& name : node.grantees) {
    VESTO_ASSIGN_OR_RETURN(const Grantee grantee, FindGrantee(name, offset, context));
    for (const Item& item : items) {
      GrantChange change{.revoke = node.revoke,
                         .grantee = grantee,
                         .grantor = as_owner ? object.owner : context.user_id,
                         .owner = object.owner,
                         .privileges = item.privileges & options,
                         .grant_option = node.revoke ? node.grant_option : name.grant_option,
                         .cascade = node.cascade};
      if (!item.columns.empty() && change.grant_option) {
        return NotSupported("a grant option for column privileges", offset);
      }
      std::vector<std::string> columns = item.columns;
      if (columns.empty()) columns.emplace_back();
      for (const std::string& column : columns) {
        change.column = column;
        if (absl::Status status = security::ApplyGrant(change, &list); !status.ok()) {
          return WithOffset(status, offset);
        }
      }
    }
  }
  if (list.grants.empty() && list.owner_lost == 0) {
    if (context.catalog->FindAccessList(object.oid) != nullptr) {
      context.changes.DropAccessList(object.oid);
    }
  } else {
    context.changes.PutAccessList(std::make_shared<const catalog::AccessList>(std::move(list)));
  }
  context.Refresh();
  return absl::OkStatus();
}

catalog::DefaultAccessList DefaultListOf(int32_t user, catalog::Oid schema, Target target,
                                         CommandContext& context) {
  for (const auto& list : context.catalog->default_access_lists()) {
    if (list->user == user && list->schema == schema && list->target == target) return *list;
  }
  catalog::DefaultAccessList list;
  list.oid = context.oids.NextOid();
  list.user = user;
  list.schema = schema;
  list.target = target;
  // What new functions have without any default list.
  if (target == Target::kFunction && schema == 0) {
    list.grants.push_back({Grantee{Grantee::Kind::kPublic, 0}, user, "", catalog::kExecute, 0});
  }
  return list;
}

absl::Status ChangeDefaults(int32_t user, catalog::Oid schema, const sql::GrantStatement& node,
                            int offset, CommandContext& context) {
  Target target = Target::kRelation;
  if (node.object_kind == sql::ObjectKind::kFunction) target = Target::kFunction;
  if (node.object_kind == sql::ObjectKind::kProcedure) target = Target::kProcedure;
  Object object;
  object.target = target;
  object.late_binding = true;  // no columns: there are none yet
  VESTO_ASSIGN_OR_RETURN(const std::vector<Item> items, ReadItems(node, object, offset));
  catalog::DefaultAccessList defaults = DefaultListOf(user, schema, target, context);
  catalog::AccessList list;
  list.grants = std::move(defaults.grants);
  for (const sql::GrantStatement::Grantee& name : node.grantees) {
    VESTO_ASSIGN_OR_RETURN(const Grantee grantee, FindGrantee(name, offset, context));
    for (const Item& item : items) {
      const GrantChange change{.revoke = node.revoke,
                               .grantee = grantee,
                               .grantor = user,
                               .owner = user,
                               .privileges = item.privileges,
                               .grant_option = node.revoke ? node.grant_option : name.grant_option,
                               .cascade = node.cascade};
      if (absl::Status status = security::ApplyGrant(change, &list); !status.ok()) {
        return WithOffset(status, offset);
      }
    }
  }
  defaults.grants = std::move(list.grants);
  // An empty list of functions still says that PUBLIC gets nothing.
  if (defaults.grants.empty() && !(target == Target::kFunction && schema == 0)) {
    context.changes.DropDefaultAccessList(defaults.oid);
  } else {
    context.changes.PutDefaultAccessList(
        std::make_shared<const catalog::DefaultAccessList>(std::move(defaults)));
  }
  context.Refresh();
  return absl::OkStatus();
}

Result RunDefaultPrivileges(const sql::GrantStatement& node, int offset, CommandContext& context) {
  std::vector<int32_t> users;
  for (const std::string& name : node.defaults->users) {
    VESTO_ASSIGN_OR_RETURN(const auto user, FindUser(name, context, offset));
    if (user->id != context.user_id) {
      VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser(
          "must be superuser to alter the default privileges of another user"));
    }
    users.push_back(user->id);
  }
  if (users.empty()) users.push_back(context.user_id);
  std::vector<catalog::Oid> schemas;
  for (const std::string& name : node.defaults->schemas) {
    VESTO_ASSIGN_OR_RETURN(const auto schema, NamedSchema(name, context, offset));
    schemas.push_back(schema->oid);
  }
  if (schemas.empty()) schemas.push_back(0);
  for (int32_t user : users) {
    for (catalog::Oid schema : schemas) {
      VESTO_RETURN_IF_ERROR(ChangeDefaults(user, schema, node, offset, context));
    }
  }
  return CommandResult{};
}

}  // namespace

Result RunGrant(const sql::GrantStatement& node, int offset, CommandContext& context) {
  if (node.defaults.has_value()) return RunDefaultPrivileges(node, offset, context);
  std::vector<Object> objects;
  for (size_t i = 0; i < node.objects.size(); ++i) {
    if (node.all_in_schema) {
      VESTO_RETURN_IF_ERROR(AddAllInSchema(node, node.objects[i], offset, context, &objects));
    } else {
      VESTO_ASSIGN_OR_RETURN(Object object, FindObject(node, i, offset, context));
      objects.push_back(std::move(object));
    }
  }
  for (const sql::GrantStatement::Grantee& name : node.grantees) {
    VESTO_RETURN_IF_ERROR(FindGrantee(name, offset, context).status());
  }
  for (const Object& object : objects) {
    VESTO_RETURN_IF_ERROR(GrantOn(object, node, offset, context));
  }
  return CommandResult{};
}

}  // namespace vesto::commands
