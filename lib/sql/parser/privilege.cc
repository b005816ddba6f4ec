#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// GRANT, REVOKE, ALTER DEFAULT PRIVILEGES and COMMENT.
namespace vesto::sql {

absl::StatusOr<Statement::Node> Parser::ParseGrant(bool revoke) {
  const std::string verb = revoke ? "REVOKE" : "GRANT";
  tokens_.Take();
  GrantStatement grant;
  grant.revoke = revoke;
  if (revoke) {
    if (tokens_.AcceptWords("grant", "option")) {
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFor));
      grant.grant_option = true;
    } else if (tokens_.IsWord("admin") && tokens_.IsWord("option", 1)) {
      return Unsupported("REVOKE ROLE");
    }
  }
  const bool role = tokens_.IsWord("role");
  VESTO_RETURN_IF_ERROR(ParsePrivileges(&grant));
  // Without an object: a role, or a privilege of the whole system.
  const Keyword preposition = revoke ? Keyword::kFrom : Keyword::kTo;
  if (tokens_.Is(preposition)) {
    return Unsupported(verb + (role ? " ROLE" : " of system privileges"));
  }
  if (tokens_.Is(Keyword::kFor)) return Unsupported(verb + " FOR");
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kOn));
  if (grant.privileges[0] == "assumerole") return Unsupported(verb + " ASSUMEROLE");
  for (std::string_view kind : {"datashare", "model", "external", "copy", "template"}) {
    if (tokens_.IsWord(kind) && (IsName(1) || tokens_.Is(Keyword::kTable, 1))) {
      return Unsupported(absl::StrCat(verb, " ON ", absl::AsciiStrToUpper(sv(kind))));
    }
  }
  VESTO_RETURN_IF_ERROR(ParseGrantObjects(&grant));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(preposition));
  for (std::string_view kind : {"namespace", "account", "iam_role", "rls", "masking"}) {
    if (tokens_.IsWord(kind) &&
        (tokens_.Is(TokenKind::kString, 1) || tokens_.IsWord("policy", 1))) {
      return Unsupported(
          absl::StrCat(verb, revoke ? " FROM " : " TO ", absl::AsciiStrToUpper(sv(kind))));
    }
  }
  VESTO_RETURN_IF_ERROR(ParseGrantees(&grant));
  if (revoke) grant.cascade = AcceptCascade();
  return grant;
}

// SELECT, UPDATE (a, b), ALL [PRIVILEGES], ...: words up to the next comma, bracket or clause.
absl::Status Parser::ParsePrivileges(GrantStatement* grant) {
  do {
    std::string privilege;
    while (tokens_.Is(TokenKind::kWord) && !tokens_.Is(Keyword::kOn) && !tokens_.Is(Keyword::kTo) &&
           !tokens_.Is(Keyword::kFrom) && !tokens_.Is(Keyword::kFor)) {
      VESTO_ASSIGN_OR_RETURN(const std::string word, ParseLabel());
      absl::StrAppend(&privilege, privilege.empty() ? "" : " ", word);
    }
    if (privilege.empty()) {
      // A quoted role name: GRANT ROLE "r" TO u.
      if (!tokens_.Is(TokenKind::kQuotedWord)) return tokens_.Unexpected();
      VESTO_ASSIGN_OR_RETURN(privilege, ParseLabel());
    }
    if (tokens_.Is(TokenKind::kQuotedWord)) tokens_.Take();
    if (privilege == "all privileges") privilege = "all";
    if (privilege == "temporary") privilege = "temp";
    grant->privileges.push_back(std::move(privilege));
    std::vector<std::string> columns;
    if (tokens_.Is("("_symbol)) {
      VESTO_ASSIGN_OR_RETURN(columns, ParseNamesInParentheses());
    }
    grant->privilege_columns.push_back(std::move(columns));
  } while (tokens_.Accept(","_symbol));
  return absl::OkStatus();
}

absl::Status Parser::ParseGrantObjects(GrantStatement* grant) {
  if (tokens_.Accept(Keyword::kAll)) {
    if (tokens_.AcceptWord("functions")) {
      grant->object_kind = ObjectKind::kFunction;
    } else if (tokens_.AcceptWord("procedures")) {
      grant->object_kind = ObjectKind::kProcedure;
    } else {
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("tables"));
    }
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kIn));
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("schema"));
    grant->all_in_schema = true;
    VESTO_ASSIGN_OR_RETURN(grant->objects, ParseQualifiedNameList());
    return absl::OkStatus();
  }
  grant->object_kind = AcceptObjectKind().value_or(ObjectKind::kTable);
  const bool callable =
      grant->object_kind == ObjectKind::kFunction || grant->object_kind == ObjectKind::kProcedure;
  do {
    VESTO_ASSIGN_OR_RETURN(Name name, ParseQualifiedName());
    const int signature = tokens_.offset();
    if (callable && tokens_.Is("("_symbol)) {
      VESTO_RETURN_IF_ERROR(SkipSignature());
      grant->signatures.push_back(tokens_.TextFrom(signature));
    } else if (callable) {
      grant->signatures.emplace_back();
    }
    grant->objects.push_back(std::move(name));
  } while (tokens_.Accept(","_symbol));
  return absl::OkStatus();
}

absl::Status Parser::ParseGrantees(GrantStatement* grant) {
  do {
    VESTO_ASSIGN_OR_RETURN(GrantStatement::Grantee grantee, ParseGrantee());
    if (!grant->revoke && tokens_.Accept(Keyword::kWith)) {
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kGrant));
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("option"));
      grantee.grant_option = true;
    }
    grant->grantees.push_back(std::move(grantee));
  } while (tokens_.Accept(","_symbol));
  return absl::OkStatus();
}

absl::StatusOr<GrantStatement::Grantee> Parser::ParseGrantee() {
  GrantStatement::Grantee grantee;
  if (tokens_.AcceptWord("public")) {
    grantee.kind = GrantStatement::Grantee::Kind::kPublic;
    grantee.name = "public";
    return grantee;
  }
  if (tokens_.Accept(Keyword::kGroup)) {
    grantee.kind = GrantStatement::Grantee::Kind::kGroup;
  } else if (tokens_.IsWord("role") && IsName(1)) {
    tokens_.Take();
    grantee.kind = GrantStatement::Grantee::Kind::kRole;
  }
  VESTO_ASSIGN_OR_RETURN(grantee.name, ParseUserName());
  // System roles: sys:dba.
  if (tokens_.Accept(":"_symbol)) {
    VESTO_ASSIGN_OR_RETURN(const std::string rest, ParseLabel());
    absl::StrAppend(&grantee.name, ":", rest);
  }
  return grantee;
}

// [FOR USER u, ...] [IN SCHEMA s, ...] {GRANT ... ON kind TO ... | REVOKE ... ON kind FROM ...}
absl::StatusOr<Statement::Node> Parser::ParseDefaultPrivileges() {
  GrantStatement grant;
  grant.defaults.emplace();
  tokens_.Take();
  tokens_.Take();
  if (tokens_.Accept(Keyword::kFor)) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kUser));
    VESTO_ASSIGN_OR_RETURN(grant.defaults->users, ParseUserNames());
  }
  if (tokens_.Accept(Keyword::kIn)) {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("schema"));
    do {
      VESTO_ASSIGN_OR_RETURN(std::string schema, ParseName());
      grant.defaults->schemas.push_back(std::move(schema));
    } while (tokens_.Accept(","_symbol));
  }
  grant.revoke = !tokens_.Is(Keyword::kGrant);
  if (grant.revoke && !tokens_.IsWord("revoke")) return tokens_.Unexpected();
  tokens_.Take();
  if (grant.revoke && tokens_.AcceptWords("grant", "option")) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFor));
    grant.grant_option = true;
  }
  VESTO_RETURN_IF_ERROR(ParsePrivileges(&grant));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kOn));
  if (tokens_.AcceptWord("functions")) {
    grant.object_kind = ObjectKind::kFunction;
  } else if (tokens_.AcceptWord("procedures")) {
    grant.object_kind = ObjectKind::kProcedure;
  } else {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("tables"));
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(grant.revoke ? Keyword::kFrom : Keyword::kTo));
  VESTO_RETURN_IF_ERROR(ParseGrantees(&grant));
  if (grant.revoke) grant.cascade = AcceptCascade();
  return grant;
}

absl::StatusOr<Statement::Node> Parser::ParseComment() {
  CommentStatement comment;
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("comment"));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kOn));
  const std::optional<ObjectKind> kind = AcceptObjectKind();
  if (!kind.has_value()) return ParseUnsupported("COMMENT ON");
  comment.kind = *kind;
  VESTO_ASSIGN_OR_RETURN(comment.name, ParseQualifiedName());
  VESTO_RETURN_IF_ERROR(SkipSignature());
  if (comment.kind == ObjectKind::kConstraint) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kOn));
    VESTO_ASSIGN_OR_RETURN(comment.on, ParseQualifiedName());
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kIs));
  if (!tokens_.Accept(Keyword::kNull)) {
    VESTO_ASSIGN_OR_RETURN(comment.text, ParseStringLiteral());
    if (comment.text->empty()) comment.text.reset();  // no comment, as in PostgreSQL
  }
  return comment;
}

}  // namespace vesto::sql
