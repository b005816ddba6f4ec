#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"
#include "security/granting.h"
#include "security/password.h"
#include "settings/settings.h"
#include "types/datetime.h"

// CREATE, ALTER and DROP of users and groups. Source: redshift/statements.md D and E.
namespace vesto::commands {
namespace {

using catalog::GroupEntry;
using catalog::UserEntry;
using Options = std::vector<std::pair<std::string, std::string>>;

constexpr int kMinSessionTimeout = 60, kMaxSessionTimeout = 1'728'000;

absl::Status BadValue(std::string message, int offset) {
  return SqlError(SqlState::kInvalidParameterValue, std::move(message)).At(offset);
}

absl::Status AlreadyExists(std::string_view kind, const std::string& name, int offset) {
  return SqlError(SqlState::kDuplicateObject,
                  absl::StrCat(sv(kind), " \"", name, "\" already exists"))
      .At(offset);
}

absl::StatusOr<catalog::GroupPtr> FindGroup(const std::string& name, const CommandContext& context,
                                            int offset) {
  for (const auto& group : context.catalog->groups()) {
    if (group->name == name) return group;
  }
  return SqlError(SqlState::kUndefinedObject, absl::StrCat("group \"", name, "\" does not exist"))
      .At(offset);
}

bool GroupExists(const std::string& name, const CommandContext& context) {
  return FindGroup(name, context, -1).ok();
}

absl::Status CheckUserName(const std::string& name, const CommandContext& context, int offset) {
  if (name == "public") {
    return SqlError(SqlState::kReservedName, "user name \"public\" is reserved").At(offset);
  }
  if (context.catalog->FindUser(std::string_view(name)) != nullptr) {
    return AlreadyExists("user", name, offset);
  }
  return absl::OkStatus();
}

absl::Status CheckGroupName(const std::string& name, const CommandContext& context, int offset) {
  if (name == "public" || name.starts_with("__")) {
    return SqlError(SqlState::kReservedName,
                    absl::StrCat("group name \"", name, "\" is reserved"))
        .At(offset);
  }
  if (GroupExists(name, context)) return AlreadyExists("group", name, offset);
  return absl::OkStatus();
}

// ALTER USER ... SET: the value as the parameter's own SET would take it.
std::vector<std::string> ParameterValues(const std::string& name, const std::string& text) {
  for (const settings::ParameterInfo& info : settings::AllParameters()) {
    if (info.name == name &&
        std::holds_alternative<std::vector<std::string> settings::Parameters::*>(info.field)) {
      return absl::StrSplit(text, ", ");
    }
  }
  return {text};
}

absl::Status SetParameter(const std::string& name, const std::string& value, UserEntry* user) {
  settings::Settings probe;
  VESTO_RETURN_IF_ERROR(SetUserParameter(name, value, &probe));
  std::erase_if(user->parameters, [&name](const auto& one) { return one.first == name; });
  user->parameters.emplace_back(name, value);
  return absl::OkStatus();
}

// One option of CREATE or ALTER USER; not "in group", which changes the group.
absl::Status ApplyOption(const std::string& key, const std::string& value, int offset,
                         CommandContext& context, UserEntry* user) {
  if (key == "createdb") user->create_db = true;
  if (key == "nocreatedb") user->create_db = false;
  if (key == "createuser") user->superuser = true;
  if (key == "nocreateuser") user->superuser = false;
  if (key == "password disable") user->password = {};
  if (key == "password") {
    absl::StatusOr<security::NewPassword> password =
        security::ReadPassword(value, user->name, context.password_policy);
    if (!password.ok()) return WithOffset(password.status(), offset);
    user->password = std::move(password->verifiers);
    if (password->md5_ignored) {
      context.notice("WARNING",
                     absl::StrCat("MD5 passwords are not kept: user \"", user->name,
                                  "\" cannot log in until another password is set"));
    }
  }
  if (key == "syslog access") {
    if (value != "restricted" && value != "unrestricted") {
      return BadValue("SYSLOG ACCESS is RESTRICTED or UNRESTRICTED", offset);
    }
    user->syslog_unrestricted = value == "unrestricted";
  }
  if (key == "valid until") {
    user->valid_until_micros.reset();
    if (value != "infinity") {
      absl::StatusOr<int64_t> until =
          types::ParseTimestampTz(value, context.bind.eval.text.datetime);
      if (!until.ok()) return WithOffset(until.status(), offset);
      user->valid_until_micros = *until;
    }
  }
  if (key == "connection limit") {
    user->connection_limit = -1;
    if (value != "unlimited" &&
        (!absl::SimpleAtoi(value, &user->connection_limit) || user->connection_limit < 0)) {
      return BadValue("CONNECTION LIMIT is UNLIMITED or a number from 0", offset);
    }
  }
  if (key == "session timeout") {
    int64_t seconds = 0;
    if (!absl::SimpleAtoi(value, &seconds) || seconds < kMinSessionTimeout ||
        seconds > kMaxSessionTimeout) {
      return BadValue("SESSION TIMEOUT is 60 to 1728000 seconds", offset);
    }
    user->session_timeout_seconds = static_cast<int>(seconds);
  }
  if (key == "reset session timeout") user->session_timeout_seconds = 0;
  if (key == "externalid") user->external_id = value;
  if (key.starts_with("set ")) {
    if (absl::Status status = SetParameter(key.substr(4), value, user); !status.ok()) {
      return WithOffset(status, offset);
    }
  }
  if (key.starts_with("reset ") && key != "reset session timeout") {
    const std::string name = key.substr(6);
    if (name == "all") {
      user->parameters.clear();
    } else if (!settings::Settings().Exists(name)) {
      return SqlError(SqlState::kUndefinedObject,
                      absl::StrCat("unrecognized configuration parameter \"", name, "\""))
          .At(offset);
    }
    std::erase_if(user->parameters, [&name](const auto& one) { return one.first == name; });
  }
  return absl::OkStatus();
}

absl::Status RenameUser(const sql::AlterObjectStatement& node, int offset, CommandContext& context,
                        UserEntry* user) {
  VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to rename users"));
  if (user->id == context.user_id) {
    return SqlError(SqlState::kFeatureNotSupported, "session user may not be renamed").At(offset);
  }
  VESTO_RETURN_IF_ERROR(CheckUserName(node.rename_to, context, offset));
  user->name = node.rename_to;
  // Its salt was the former name.
  if (!user->password.md5.empty()) {
    user->password.md5.clear();
    context.notice("NOTICE", "MD5 password cleared because of user rename");
  }
  return absl::OkStatus();
}

Result CreateGroup(const sql::CreateUserStatement& node, int offset, CommandContext& context) {
  VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to create user groups"));
  VESTO_RETURN_IF_ERROR(CheckGroupName(node.name, context, offset));
  auto group = std::make_shared<GroupEntry>();
  group->id = context.oids.NextGroupId();
  group->name = node.name;
  for (const std::string& name : node.users) {
    VESTO_ASSIGN_OR_RETURN(const auto member, FindUser(name, context, offset));
    if (std::find(group->members.begin(), group->members.end(), member->id) ==
        group->members.end()) {
      group->members.push_back(member->id);
    }
  }
  context.changes.PutGroup(std::move(group));
  return CommandResult{};
}

}  // namespace

absl::Status SetUserParameter(const std::string& name, const std::string& value,
                              settings::Settings* settings) {
  if (name == "timezone") VESTO_RETURN_IF_ERROR(types::FindTimeZone(value).status());
  return settings->SetDefault(name, ParameterValues(name, value));
}

absl::StatusOr<catalog::UserPtr> FindUser(const std::string& name, const CommandContext& context,
                                          int offset) {
  if (auto user = context.catalog->FindUser(std::string_view(name))) return user;
  return SqlError(SqlState::kUndefinedObject, absl::StrCat("user \"", name, "\" does not exist"))
      .At(offset);
}

Result RunCreateUser(const sql::CreateUserStatement& node, int offset, CommandContext& context) {
  if (node.kind == sql::ObjectKind::kGroup) return CreateGroup(node, offset, context);
  VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to create users"));
  VESTO_RETURN_IF_ERROR(CheckUserName(node.name, context, offset));
  auto user = std::make_shared<UserEntry>();
  user->id = context.oids.NextUserId();
  user->name = node.name;
  for (const auto& [key, value] : node.options) {
    VESTO_RETURN_IF_ERROR(ApplyOption(key, value, offset, context, user.get()));
    if (key != "in group") continue;
    VESTO_ASSIGN_OR_RETURN(const auto group, FindGroup(value, context, offset));
    auto changed = std::make_shared<GroupEntry>(*group);
    changed->members.push_back(user->id);
    context.changes.PutGroup(std::move(changed));
    context.Refresh();
  }
  context.changes.PutUser(std::move(user));
  return CommandResult{};
}

absl::Status AlterUser(const sql::AlterObjectStatement& node, int offset,
                       CommandContext& context) {
  VESTO_ASSIGN_OR_RETURN(const auto user, FindUser(node.name.back(), context, offset));
  auto changed = std::make_shared<UserEntry>(*user);
  if (!node.rename_to.empty()) {
    VESTO_RETURN_IF_ERROR(RenameUser(node, offset, context, changed.get()));
    context.changes.PutUser(std::move(changed));
    return absl::OkStatus();
  }
  // Everybody may change the own password and parameters.
  const bool own = user->id == context.user_id &&
                   std::all_of(node.options.begin(), node.options.end(), [](const auto& option) {
                     return option.first == "password" || option.first.starts_with("set ") ||
                            (option.first.starts_with("reset ") &&
                             option.first != "reset session timeout");
                   });
  if (!own) {
    VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to alter users"));
  }
  for (const auto& [key, value] : node.options) {
    if (key == "in group") return NotSupported("ALTER USER IN GROUP", offset);
    VESTO_RETURN_IF_ERROR(ApplyOption(key, value, offset, context, changed.get()));
  }
  context.changes.PutUser(std::move(changed));
  return absl::OkStatus();
}

absl::Status AlterGroup(const sql::AlterObjectStatement& node, int offset,
                        CommandContext& context) {
  VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to alter user groups"));
  VESTO_ASSIGN_OR_RETURN(const auto group, FindGroup(node.name.back(), context, offset));
  auto changed = std::make_shared<GroupEntry>(*group);
  if (!node.rename_to.empty()) {
    VESTO_RETURN_IF_ERROR(CheckGroupName(node.rename_to, context, offset));
    changed->name = node.rename_to;
  }
  for (const std::string& name : node.add_users) {
    VESTO_ASSIGN_OR_RETURN(const auto member, FindUser(name, context, offset));
    std::erase(changed->members, member->id);
    changed->members.push_back(member->id);
  }
  for (const std::string& name : node.drop_users) {
    VESTO_ASSIGN_OR_RETURN(const auto member, FindUser(name, context, offset));
    std::erase(changed->members, member->id);
  }
  context.changes.PutGroup(std::move(changed));
  return absl::OkStatus();
}

absl::Status DropUser(const std::string& name, bool if_exists, int offset,
                      CommandContext& context) {
  VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to drop users"));
  const auto user = context.catalog->FindUser(std::string_view(name));
  if (user == nullptr && if_exists) {
    context.notice("INFO", absl::StrCat("User \"", name, "\" does not exist and will be skipped"));
    return absl::OkStatus();
  }
  VESTO_RETURN_IF_ERROR(FindUser(name, context, offset).status());
  const auto refuse = [&](std::string_view because) -> absl::Status {
    return SqlError(SqlState::kObjectInUse, absl::StrCat("user \"", name, "\" can't be dropped ",
                                                         "because the user ", sv(because)))
        .At(offset);
  };
  if (user->id == context.user_id) {
    return SqlError(SqlState::kObjectInUse, "current user cannot be dropped").At(offset);
  }
  if (security::OwnsAnything(*context.catalog, user->id)) return refuse("owns some object");
  if (security::HoldsAnything(*context.catalog, {catalog::Grantee::Kind::kUser, user->id})) {
    return refuse("has a privilege on some object");
  }
  for (const auto& group : context.catalog->groups()) {
    auto changed = std::make_shared<GroupEntry>(*group);
    if (std::erase(changed->members, user->id) > 0) context.changes.PutGroup(std::move(changed));
  }
  context.changes.DropUser(user->id);
  context.Refresh();
  return absl::OkStatus();
}

absl::Status DropGroup(const std::string& name, int offset, CommandContext& context) {
  VESTO_RETURN_IF_ERROR(context.Rights().CheckSuperuser("must be superuser to drop groups"));
  VESTO_ASSIGN_OR_RETURN(const auto group, FindGroup(name, context, offset));
  if (security::HoldsAnything(*context.catalog, {catalog::Grantee::Kind::kGroup, group->id})) {
    return SqlError(SqlState::kObjectInUse,
                    absl::StrCat("group \"", name, "\" can't be dropped because the group has a ",
                                 "privilege on some object"))
        .At(offset);
  }
  context.changes.DropGroup(group->id);
  return absl::OkStatus();
}

}  // namespace vesto::commands
