#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// CREATE of everything but tables.
namespace vesto::sql {

absl::StatusOr<Statement::Node> Parser::ParseCreate() {
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kCreate));
  const bool or_replace = tokens_.AcceptWords("or", "replace");
  const bool local = tokens_.AcceptWord("local");
  const bool temporary = tokens_.Accept(Keyword::kTemp) || tokens_.Accept(Keyword::kTemporary);
  if (!or_replace && tokens_.Accept(Keyword::kTable)) return ParseCreateTable(temporary);
  if (temporary && tokens_.IsWord("view")) return Unsupported("CREATE TEMPORARY VIEW");
  if (local || temporary) return tokens_.Unexpected();
  if (tokens_.AcceptWord("view")) return ParseCreateView(or_replace);
  if (!or_replace) {
    if (tokens_.AcceptWord("schema")) return ParseCreateSchema();
    if (tokens_.AcceptWord("database")) return ParseCreateDatabase();
    if (tokens_.Accept(Keyword::kUser)) return ParseCreateUser();
    if (tokens_.Accept(Keyword::kGroup)) return ParseCreateGroup();
  }
  return ParseUnsupported("CREATE");
}

absl::StatusOr<Statement::Node> Parser::ParseCreateView(bool or_replace) {
  CreateViewStatement create;
  create.or_replace = or_replace;
  VESTO_ASSIGN_OR_RETURN(create.view, ParseQualifiedName());
  if (tokens_.Is("("_symbol)) {
    VESTO_ASSIGN_OR_RETURN(create.columns, ParseNamesInParentheses());
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAs));
  const int start = tokens_.offset();
  VESTO_ASSIGN_OR_RETURN(create.query, ParseQuery());
  create.query_text = tokens_.TextFrom(start);
  if (tokens_.Accept(Keyword::kWith)) {
    if (tokens_.IsWord("check") || tokens_.IsWord("local") || tokens_.IsWord("cascaded")) {
      return NotSupported("WITH CHECK OPTION", tokens_.offset());
    }
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kNo));
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("schema"));
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("binding"));
    create.no_schema_binding = true;
  }
  return create;
}

// {n [MB|GB|TB] | UNLIMITED}, as written.
absl::StatusOr<std::string> Parser::ParseQuota() {
  const int start = tokens_.offset();
  if (!tokens_.AcceptWord("unlimited")) {
    VESTO_RETURN_IF_ERROR(ParseInteger().status());
    if (!tokens_.AcceptWord("mb") && !tokens_.AcceptWord("gb")) tokens_.AcceptWord("tb");
  }
  return tokens_.TextFrom(start);
}

absl::StatusOr<Statement::Node> Parser::ParseCreateSchema() {
  CreateSchemaStatement create;
  VESTO_ASSIGN_OR_RETURN(create.if_not_exists, ParseIfNotExists());
  if (!tokens_.Is(Keyword::kAuthorization)) {
    VESTO_ASSIGN_OR_RETURN(create.schema, ParseName());
  }
  if (tokens_.Accept(Keyword::kAuthorization)) {
    VESTO_ASSIGN_OR_RETURN(create.authorization, ParseUserName());
  }
  if (tokens_.AcceptWord("quota")) {
    VESTO_ASSIGN_OR_RETURN(create.quota, ParseQuota());
  }
  if (tokens_.Is(Keyword::kCreate) || tokens_.Is(Keyword::kGrant)) {
    return NotSupported("CREATE SCHEMA with schema elements", tokens_.offset());
  }
  return create;
}

absl::StatusOr<bool> Parser::ParseIfNotExists() {
  if (!tokens_.IsWord("if") || !tokens_.Is(Keyword::kNot, 1)) return false;
  tokens_.Take();
  tokens_.Take();
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kExists));
  return true;
}

// {n | UNLIMITED}
absl::StatusOr<std::string> Parser::ParseConnectionLimit() {
  if (tokens_.AcceptWord("unlimited")) return std::string("unlimited");
  VESTO_ASSIGN_OR_RETURN(const int64_t limit, ParseInteger());
  return absl::StrCat(limit);
}

// {SERIALIZABLE | SNAPSHOT}
absl::StatusOr<std::string> Parser::ParseIsolationLevel() {
  for (std::string_view level : {"serializable", "snapshot"}) {
    if (tokens_.AcceptWord(level)) return std::string(level);
  }
  return tokens_.Unexpected();
}

absl::StatusOr<Statement::Node> Parser::ParseCreateDatabase() {
  CreateDatabaseStatement create;
  VESTO_ASSIGN_OR_RETURN(create.database, ParseName());
  if (tokens_.Is(Keyword::kFrom)) return Unsupported("CREATE DATABASE FROM");
  tokens_.Accept(Keyword::kWith);
  while (!AtStatementEnd()) {
    if (tokens_.AcceptWord("owner")) {
      tokens_.Accept("="_symbol);
      VESTO_ASSIGN_OR_RETURN(create.owner, ParseUserName());
    } else if (tokens_.AcceptWords("connection", "limit")) {
      VESTO_ASSIGN_OR_RETURN(create.connection_limit, ParseConnectionLimit());
    } else if (tokens_.Accept(Keyword::kCollate)) {
      VESTO_ASSIGN_OR_RETURN(create.case_insensitive, ParseCollation());
    } else if (tokens_.AcceptWords("isolation", "level")) {
      VESTO_ASSIGN_OR_RETURN(create.isolation_level, ParseIsolationLevel());
    } else {
      return tokens_.Unexpected();
    }
  }
  return create;
}

absl::StatusOr<Statement::Node> Parser::ParseCreateUser() {
  CreateUserStatement create;
  create.kind = ObjectKind::kUser;
  VESTO_ASSIGN_OR_RETURN(create.name, ParseUserName());
  tokens_.Accept(Keyword::kWith);
  while (!AtStatementEnd()) {
    VESTO_ASSIGN_OR_RETURN(const bool found, ParseUserOption(&create.options));
    if (!found) return tokens_.Unexpected();
  }
  return create;
}

absl::StatusOr<Statement::Node> Parser::ParseCreateGroup() {
  CreateUserStatement create;
  create.kind = ObjectKind::kGroup;
  VESTO_ASSIGN_OR_RETURN(create.name, ParseUserName());
  const bool with = tokens_.Accept(Keyword::kWith);
  if (with || tokens_.Is(Keyword::kUser)) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kUser));
    VESTO_ASSIGN_OR_RETURN(create.users, ParseUserNames());
  }
  return create;
}

absl::StatusOr<std::vector<std::string>> Parser::ParseUserNames() {
  std::vector<std::string> names;
  do {
    VESTO_ASSIGN_OR_RETURN(std::string name, ParseUserName());
    names.push_back(std::move(name));
  } while (tokens_.Accept(","_symbol));
  return names;
}

absl::StatusOr<bool> Parser::ParseUserOption(UserOptions* options) {
  for (std::string_view flag : {"createdb", "nocreatedb", "createuser", "nocreateuser"}) {
    if (tokens_.AcceptWord(flag)) {
      options->emplace_back(flag, "");
      return true;
    }
  }
  if (tokens_.AcceptWord("password")) {
    if (tokens_.Accept(Keyword::kDisable)) {
      options->emplace_back("password disable", "");
    } else {
      // What stands here is not repeated in an error, not even where it is no string.
      if (!tokens_.Is(TokenKind::kString)) {
        return SqlError(SqlState::kSyntaxError, "PASSWORD needs a quoted string or DISABLE")
            .At(tokens_.offset());
      }
      NoteSecret();
      VESTO_ASSIGN_OR_RETURN(std::string password, ParseStringLiteral());
      options->emplace_back("password", std::move(password));
    }
  } else if (tokens_.AcceptWords("syslog", "access")) {
    VESTO_ASSIGN_OR_RETURN(std::string access, ParseName());
    options->emplace_back("syslog access", std::move(access));
  } else if (tokens_.AcceptWords("in", "group")) {
    VESTO_ASSIGN_OR_RETURN(const std::vector<std::string> groups, ParseUserNames());
    for (const std::string& group : groups) options->emplace_back("in group", group);
  } else if (tokens_.AcceptWords("valid", "until")) {
    VESTO_ASSIGN_OR_RETURN(std::string until, ParseStringLiteral());
    options->emplace_back("valid until", std::move(until));
  } else if (tokens_.AcceptWords("connection", "limit")) {
    VESTO_ASSIGN_OR_RETURN(std::string limit, ParseConnectionLimit());
    options->emplace_back("connection limit", std::move(limit));
  } else if (tokens_.AcceptWords("session", "timeout")) {
    VESTO_ASSIGN_OR_RETURN(const int64_t seconds, ParseInteger());
    options->emplace_back("session timeout", absl::StrCat(seconds));
  } else if (tokens_.AcceptWord("externalid")) {
    const bool quoted = tokens_.Is(TokenKind::kString);
    VESTO_ASSIGN_OR_RETURN(std::string id, quoted ? ParseStringLiteral() : ParseUserName());
    options->emplace_back("externalid", std::move(id));
  } else {
    return false;
  }
  return true;
}

}  // namespace vesto::sql
