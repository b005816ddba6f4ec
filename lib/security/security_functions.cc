#include "security/security_functions.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "security/access.h"

namespace vesto::security {
namespace {

using functions::KernelCall;
using functions::Locality;
using functions::Overload;
using functions::Returns;
using functions::ScalarFunction;
using functions::Volatility;

// One row's object: an oid of the catalog, or a relation of the system.
struct Object {
  catalog::Oid oid = 0;
  bool system = false, superusers_only = false;
  bool everybody = false;  // built-in functions
};

// "s.t", '"S"."t"': names fold to lower case even in quotes (architecture.md §16).
absl::StatusOr<std::vector<std::string>> NameParts(std::string_view text) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      if (quoted && i + 1 < text.size() && text[i + 1] == '"') {
        parts.back() += c;
        ++i;
      } else {
        quoted = !quoted;
      }
    } else if (c == '.' && !quoted) {
      parts.emplace_back();
    } else if (quoted || !absl::ascii_isspace(static_cast<unsigned char>(c))) {
      parts.back() += absl::ascii_tolower(static_cast<unsigned char>(c));
    }
  }
  const bool empty = std::any_of(parts.begin(), parts.end(),
                                 [](const std::string& part) { return part.empty(); });
  if (quoted || empty || parts.size() > 3) {
    return SqlError(SqlState::kInvalidName, "invalid name syntax");
  }
  return parts;
}

absl::StatusOr<Object> FindRelation(const Viewer& viewer, std::string_view text) {
  VESTO_ASSIGN_OR_RETURN(std::vector<std::string> parts, NameParts(text));
  if (parts.size() == 3) {
    if (parts[0] != viewer.database) {
      return NotSupported(absl::StrCat("a cross-database reference to \"", sv(text), "\""));
    }
    parts.erase(parts.begin());
  }
  std::vector<std::string> schemas;
  if (parts.size() == 2) {
    schemas.push_back(parts[0]);
  } else {
    if (const auto schema = viewer.catalog->FindSchema(viewer.temporary_schema)) {
      schemas.push_back(schema->name);
    }
    schemas.emplace_back("pg_catalog");
    for (const std::string& name : viewer.search_path) {
      schemas.push_back(name == "$user" ? viewer.user : name);
    }
  }
  for (const std::string& name : schemas) {
    if (const auto schema = viewer.catalog->FindSchema(std::string_view(name))) {
      const auto relation = viewer.catalog->FindRelation(schema->oid, parts.back());
      if (const auto* table = std::get_if<catalog::TablePtr>(&relation)) {
        return Object{(*table)->oid};
      }
      if (const auto* view = std::get_if<catalog::ViewPtr>(&relation)) {
        return Object{(*view)->oid};
      }
    }
    if (viewer.system_relation == nullptr) continue;
    if (const auto only = viewer.system_relation(name, parts.back())) {
      return Object{.system = true, .superusers_only = *only};
    }
  }
  return SqlError(SqlState::kUndefinedTable,
                  absl::StrCat("relation \"", sv(text), "\" does not exist"));
}

absl::StatusOr<Object> FindByName(const Viewer& viewer, Target target, std::string_view text) {
  switch (target) {
    case Target::kRelation: return FindRelation(viewer, text);
    case Target::kSchema: {
      VESTO_ASSIGN_OR_RETURN(const auto parts, NameParts(text));
      const auto schema = viewer.catalog->FindSchema(std::string_view(parts.back()));
      if (schema != nullptr && parts.size() == 1) return Object{schema->oid};
      return SqlError(SqlState::kInvalidSchemaName,
                      absl::StrCat("schema \"", sv(text), "\" does not exist"));
    }
    case Target::kDatabase: {
      VESTO_ASSIGN_OR_RETURN(const auto parts, NameParts(text));
      const auto database = viewer.catalog->FindDatabase(parts.back());
      if (database != nullptr && parts.size() == 1) return Object{database->oid};
      return SqlError(SqlState::kInvalidCatalogName,
                      absl::StrCat("database \"", sv(text), "\" does not exist"));
    }
    case Target::kFunction:
    case Target::kProcedure: {
      const std::string_view name = text.substr(0, text.find('('));
      VESTO_ASSIGN_OR_RETURN(const auto parts, NameParts(name));
      const bool builtin = parts.size() == 1 || parts.front() == "pg_catalog";
      if (builtin && text.find('(') != std::string_view::npos && text.ends_with(")") &&
          (viewer.functions->FindScalar(parts.back()) != nullptr ||
           viewer.functions->FindAggregate(parts.back()) != nullptr)) {
        return Object{.everybody = true};
      }
      return SqlError(SqlState::kUndefinedFunction,
                      absl::StrCat("function \"", sv(text), "\" does not exist"));
    }
    case Target::kLanguage:
      for (const catalog::LanguageEntry& language : catalog::kLanguages) {
        if (absl::AsciiStrToLower(sv(text)) == language.name) return Object{language.oid};
      }
      return SqlError(SqlState::kUndefinedObject,
                      absl::StrCat("language \"", sv(text), "\" does not exist"));
  }
  return absl::InternalError("no such kind of object");
}

// What of the object a function asks about: all of it, the column that an argument names, or any.
enum class Scope : uint8_t { kWhole, kColumn, kAnyColumn };

struct Question {
  Privileges privilege = 0;
  bool grant_option = false;
  bool connect = false;  // PostgreSQL's privilege on databases, which everybody has here
};

Privileges AskedOf(Target target, Scope scope) {
  if (scope == Scope::kWhole) return AllPrivileges(target);
  return catalog::kSelect | catalog::kInsert | catalog::kUpdate | catalog::kReferences;
}

// "SELECT, INSERT WITH GRANT OPTION": true is any of them.
absl::StatusOr<std::vector<Question>> ReadQuestions(std::string_view text, Target target,
                                                    Scope scope) {
  const Privileges allowed = AskedOf(target, scope);
  std::vector<Question> questions;
  for (absl::string_view one : absl::StrSplit(sv(text), ',')) {
    std::string word = absl::AsciiStrToLower(absl::StripAsciiWhitespace(one));
    Question question;
    absl::string_view name = word;
    question.grant_option = absl::ConsumeSuffix(&name, " with grant option");
    question.privilege = ParsePrivilege(from_sv(name)).value_or(0) & allowed;
    question.connect = target == Target::kDatabase && name == "connect";
    if (question.privilege == 0 && !question.connect) {
      return SqlError(SqlState::kInvalidParameterValue,
                      absl::StrCat("unrecognized privilege type: \"",
                                   absl::StripAsciiWhitespace(one), "\""));
    }
    questions.push_back(question);
  }
  return questions;
}

// The column of a HAS_COLUMN_PRIVILEGE row; nullopt where there is no such number.
absl::StatusOr<std::optional<std::string>> FindColumn(const Viewer& viewer, catalog::Oid relation,
                                                      const Value& column) {
  std::vector<std::string> names;
  std::string relation_name;
  if (const auto table = viewer.catalog->FindTable(relation)) {
    for (const auto& entry : table->columns) names.push_back(entry.name);
    relation_name = table->name;
  } else if (const auto view = viewer.catalog->FindView(relation)) {
    names = view->column_names;
    relation_name = view->name;
  }
  if (column.type().id == TypeId::kBigint) {
    const int64_t number = static_cast<int64_t>(column.integer128());
    if (number < 1 || number > static_cast<int64_t>(names.size())) return std::nullopt;
    return names[static_cast<size_t>(number - 1)];
  }
  VESTO_ASSIGN_OR_RETURN(const auto parts, NameParts(column.text()));
  if (std::find(names.begin(), names.end(), parts.back()) == names.end()) {
    return SqlError(SqlState::kUndefinedColumn,
                    absl::StrCat("column \"", parts.back(), "\" of relation \"", relation_name,
                                 "\" does not exist"));
  }
  return parts.back();
}

// nullopt is NULL: an oid or number that names nothing.
absl::StatusOr<std::optional<bool>> Answer(const Viewer& viewer, Target target, Scope scope,
                                           const std::vector<Value>& args) {
  // [user,] object, [column,] privilege
  const size_t fixed = scope == Scope::kColumn ? 3 : 2;
  const size_t first = args.size() - fixed;
  int32_t user_id = viewer.user_id;
  if (first > 0) {
    const Value& user = args[0];
    if (user.type().id == TypeId::kBigint) {
      user_id = static_cast<int32_t>(user.integer128());
      if (viewer.catalog->FindUser(user_id) == nullptr) {
        return SqlError(SqlState::kUndefinedObject,
                        absl::StrCat("user with ID ", user_id, " does not exist"));
      }
    } else {
      const auto entry = viewer.catalog->FindUser(std::string_view(user.text()));
      if (entry == nullptr) {
        return SqlError(SqlState::kUndefinedObject,
                        absl::StrCat("user \"", user.text(), "\" does not exist"));
      }
      user_id = entry->id;
    }
  }
  VESTO_ASSIGN_OR_RETURN(const auto questions, ReadQuestions(args.back().text(), target, scope));
  Object object;
  if (args[first].type().id == TypeId::kBigint) {
    object.oid = static_cast<catalog::Oid>(args[first].integer128());
    if (OwnerOf(*viewer.catalog, target, object.oid) < 0) {
      const auto only = target == Target::kRelation && viewer.system_relation_of != nullptr
                            ? viewer.system_relation_of(object.oid)
                            : std::nullopt;
      if (!only.has_value()) return std::nullopt;
      object.system = true;
      object.superusers_only = *only;
    }
  } else {
    VESTO_ASSIGN_OR_RETURN(object, FindByName(viewer, target, args[first].text()));
  }
  std::optional<std::string> column;
  if (scope == Scope::kColumn && !object.system) {
    VESTO_ASSIGN_OR_RETURN(column, FindColumn(viewer, object.oid, args[first + 1]));
    if (!column.has_value()) return std::nullopt;
  }
  const Access access(*viewer.catalog, user_id);
  if (access.superuser() || object.everybody) return true;
  if (object.system) {
    const bool reads = std::any_of(questions.begin(), questions.end(), [](const Question& one) {
      return one.privilege == catalog::kSelect && !one.grant_option;
    });
    return reads && !object.superusers_only;
  }
  Privileges held = access.Held(target, object.oid);
  const Privileges options = access.GrantOptions(target, object.oid);
  if (column.has_value()) held |= access.HeldOnColumn(object.oid, *column);
  if (scope == Scope::kAnyColumn) held |= access.HeldOnAnyColumn(object.oid);
  return std::any_of(questions.begin(), questions.end(), [&](const Question& one) {
    if (one.connect && !one.grant_option) return true;
    return ((one.grant_option ? options : held) & one.privilege) != 0;
  });
}

template <Target target, Scope scope>
absl::Status HasPrivilege(const KernelCall& call, functions::Vector* result) {
  const auto* viewer = call.context.Handle<Viewer>();
  if (viewer == nullptr) return NotSupported("a privilege inquiry function here");
  for (int row = 0; row < call.rows; ++row) {
    if (call.nulls != nullptr && call.nulls[row] != 0) continue;
    std::vector<Value> args;
    for (const functions::Vector& argument : call.args) args.push_back(argument.ValueAt(row));
    VESTO_ASSIGN_OR_RETURN(const auto answer, Answer(*viewer, target, scope, args));
    if (answer.has_value()) {
      result->mutable_data<uint8_t>()[row] = *answer ? 1 : 0;
    } else {
      result->SetNull(row);
    }
  }
  return absl::OkStatus();
}

template <Target target, Scope scope = Scope::kWhole>
void Add(const char* name, const char* documentation, functions::Registry& registry) {
  const Type text = Type::Varchar(0), number = Type::Bigint();
  const std::vector<Type> identities = {text, number};
  std::vector<std::vector<Type>> objects;
  for (const Type& object : identities) {
    if (scope != Scope::kColumn) {
      objects.push_back({object});
      continue;
    }
    objects.push_back({object, text});
    objects.push_back({object, number});
  }
  std::vector<Overload> overloads;
  for (const std::vector<Type>& object : objects) {
    for (int user = 0; user < 3; ++user) {
      std::vector<Type> parameters;
      if (user > 0) parameters.push_back(user == 1 ? text : number);
      parameters.insert(parameters.end(), object.begin(), object.end());
      parameters.push_back(text);
      overloads.push_back(Overload{.parameters = std::move(parameters),
                                   .result = Returns(Type::Boolean()),
                                   .kernel = HasPrivilege<target, scope>});
    }
  }
  registry.Add(ScalarFunction{.name = name,
                              .documentation = documentation,
                              .volatility = Volatility::kStable,
                              .locality = Locality::kLeaderOnly,
                              .can_fail = true,
                              .overloads = std::move(overloads)});
}

}  // namespace

void RegisterFunctions(functions::Registry& registry) {
  Add<Target::kRelation>("has_table_privilege",
                         "Whether a user, else the current one, has a privilege on a table or view.",
                         registry);
  Add<Target::kSchema>("has_schema_privilege",
                       "Whether a user, else the current one, has a privilege on a schema.",
      registry);
  Add<Target::kDatabase>("has_database_privilege",
                         "Whether a user, else the current one, has a privilege on a database.",
                         registry);
  Add<Target::kRelation, Scope::kColumn>(
      "has_column_privilege",
      "Whether a user, else the current one, has a privilege on a column or its whole table.",
      registry);
  Add<Target::kRelation, Scope::kAnyColumn>(
      "has_any_column_privilege",
      "Whether a user, else the current one, has a privilege on a table or on one of its columns.",
      registry);
  Add<Target::kFunction>("has_function_privilege",
                         "Whether a user, else the current one, may execute a function.",
      registry);
  Add<Target::kLanguage>("has_language_privilege",
                         "Whether a user, else the current one, may write functions in a language.",
                         registry);
}

}  // namespace vesto::security
