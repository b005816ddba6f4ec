#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// Statements that Redshift or PostgreSQL has and this parser has no tree for. They are recognised
// by their first words and skipped, so that the answer is "not supported" and not a syntax error.
namespace vesto::sql {
namespace {

struct Family {
  std::string_view verb;
  std::string_view object;  // one or two words
};

// Longer objects stand before their own first word.
constexpr Family kFamilies[] = {
    {"ALTER", "AGGREGATE"},
    {"ALTER", "CONVERSION"},
    {"ALTER", "DATASHARE"},
    {"ALTER", "DOMAIN"},
    {"ALTER", "EXTENSION"},
    {"ALTER", "EXTERNAL SCHEMA"},
    {"ALTER", "EXTERNAL TABLE"},
    {"ALTER", "EXTERNAL VIEW"},
    {"ALTER", "FUNCTION"},
    {"ALTER", "IDENTITY PROVIDER"},
    {"ALTER", "INDEX"},
    {"ALTER", "LANGUAGE"},
    {"ALTER", "MASKING POLICY"},
    {"ALTER", "MATERIALIZED VIEW"},
    {"ALTER", "OPERATOR"},
    {"ALTER", "PROCEDURE"},
    {"ALTER", "RLS POLICY"},
    {"ALTER", "ROLE"},
    {"ALTER", "SEQUENCE"},
    {"ALTER", "SYSTEM"},
    {"ALTER", "TABLESPACE"},
    {"ALTER", "TEMPLATE"},
    {"ALTER", "TRIGGER"},
    {"ALTER", "TYPE"},
    {"ALTER", "VIEW"},
    {"ATTACH", "MASKING POLICY"},
    {"ATTACH", "RLS POLICY"},
    {"COMMENT ON", "AGGREGATE"},
    {"COMMENT ON", "CAST"},
    {"COMMENT ON", "DOMAIN"},
    {"COMMENT ON", "INDEX"},
    {"COMMENT ON", "OPERATOR"},
    {"COMMENT ON", "RULE"},
    {"COMMENT ON", "SEQUENCE"},
    {"COMMENT ON", "TRIGGER"},
    {"COMMENT ON", "TYPE"},
    {"CREATE", "AGGREGATE"},
    {"CREATE", "CAST"},
    {"CREATE", "CONSTRAINT TRIGGER"},
    {"CREATE", "CONVERSION"},
    {"CREATE", "DATASHARE"},
    {"CREATE", "DOMAIN"},
    {"CREATE", "EXTENSION"},
    {"CREATE", "EXTERNAL FUNCTION"},
    {"CREATE", "EXTERNAL MODEL"},
    {"CREATE", "EXTERNAL PROTECTED"},
    {"CREATE", "EXTERNAL SCHEMA"},
    {"CREATE", "EXTERNAL TABLE"},
    {"CREATE", "EXTERNAL VIEW"},
    {"CREATE", "FUNCTION"},
    {"CREATE", "IDENTITY PROVIDER"},
    {"CREATE", "INDEX"},
    {"CREATE", "LANGUAGE"},
    {"CREATE", "LIBRARY"},
    {"CREATE", "MASKING POLICY"},
    {"CREATE", "MATERIALIZED VIEW"},
    {"CREATE", "MODEL"},
    {"CREATE", "OPERATOR"},
    {"CREATE", "PROCEDURE"},
    {"CREATE", "PROCEDURAL LANGUAGE"},
    {"CREATE", "RECURSIVE VIEW"},
    {"CREATE", "RLS POLICY"},
    {"CREATE", "ROLE"},
    {"CREATE", "RULE"},
    {"CREATE", "SEQUENCE"},
    {"CREATE", "TABLESPACE"},
    {"CREATE", "TEMPLATE"},
    {"CREATE", "TRIGGER"},
    {"CREATE", "TYPE"},
    {"CREATE", "UNIQUE INDEX"},
    {"CREATE", "UNLOGGED TABLE"},
    {"DESC", "DATASHARE"},
    {"DESC", "IDENTITY PROVIDER"},
    {"DETACH", "MASKING POLICY"},
    {"DETACH", "RLS POLICY"},
    {"DROP", "AGGREGATE"},
    {"DROP", "CAST"},
    {"DROP", "CONVERSION"},
    {"DROP", "DATASHARE"},
    {"DROP", "DOMAIN"},
    {"DROP", "EXTENSION"},
    {"DROP", "EXTERNAL VIEW"},
    {"DROP", "IDENTITY PROVIDER"},
    {"DROP", "INDEX"},
    {"DROP", "LANGUAGE"},
    {"DROP", "LIBRARY"},
    {"DROP", "MASKING POLICY"},
    {"DROP", "MODEL"},
    {"DROP", "OPERATOR"},
    {"DROP", "RLS POLICY"},
    {"DROP", "RULE"},
    {"DROP", "SEQUENCE"},
    {"DROP", "TABLESPACE"},
    {"DROP", "TEMPLATE"},
    {"DROP", "TRIGGER"},
    {"DROP", "TYPE"},
    {"REFRESH", "MATERIALIZED VIEW"},
    {"SHOW", "DATASHARES"},
    {"SHOW", "EXTERNAL TABLE"},
    {"SHOW", "MODEL"},
    {"SHOW", "POLICIES"},
    {"SHOW", "PROCEDURE"},
    {"SHOW", "TEMPLATE"},
    {"SHOW", "TEMPLATES"},
    {"SHOW", "USE"},
};

constexpr std::string_view kVerbs[] = {
    "CALL",    "CHECKPOINT", "CLUSTER",   "DISCARD",  "DO",       "HANDLER",
    "IMPORT",  "LISTEN",     "LOAD",      "MOVE",     "NOTIFY",   "REASSIGN",
    "REINDEX", "RELEASE",    "SAVEPOINT", "SECURITY", "UNLISTEN", "USE",
};

}  // namespace

// `verb` has been read; the object's words are next.
absl::StatusOr<Statement::Node> Parser::ParseUnsupported(std::string_view verb) {
  for (const Family& family : kFamilies) {
    if (family.verb != verb) continue;
    const size_t blank = family.object.find(' ');
    const std::string_view first = family.object.substr(0, blank);
    if (!tokens_.IsWord(absl::AsciiStrToLower(sv(first)))) continue;
    if (blank != std::string_view::npos &&
        !tokens_.IsWord(absl::AsciiStrToLower(sv(family.object.substr(blank + 1))), 1)) {
      continue;
    }
    return Unsupported(absl::StrCat(sv(family.verb), " ", sv(family.object)));
  }
  return tokens_.Unexpected();
}

bool NamesSecret(std::string_view option) {
  static constexpr std::string_view kNames[] = {
      "credentials",   "access_key_id", "secret_access_key",   "session_token",
      "token",         "password",      "master_symmetric_key"};
  return std::find(std::begin(kNames), std::end(kNames), option) != std::end(kNames);
}

// A statement whose first word has no rule.
absl::StatusOr<Statement::Node> Parser::ParseUnsupportedVerb() {
  const std::string word = absl::AsciiStrToUpper(sv(tokens_.lexer().Raw(tokens_.Peek())));
  for (std::string_view verb : {"REFRESH", "ATTACH", "DETACH", "DESC"}) {
    if (word != verb) continue;
    tokens_.Take();
    return ParseUnsupported(verb);
  }
  if (std::find(std::begin(kVerbs), std::end(kVerbs), word) != std::end(kVerbs)) {
    return Unsupported(word);
  }
  return tokens_.Unexpected();
}

Statement::Node Parser::Unsupported(std::string feature) {
  bool secret = false;
  while (!AtStatementEnd() && !tokens_.Is(TokenKind::kError)) {
    if (secret && tokens_.Is(TokenKind::kString)) NoteSecret();
    const Token token = tokens_.Take();
    // The value stands behind the word, perhaps with AS or = between.
    if (token.kind == TokenKind::kWord && token.keyword != Keyword::kAs) {
      secret = NamesSecret(tokens_.lexer().Identifier(token));
    }
  }
  return UnsupportedStatement{std::move(feature)};
}

}  // namespace vesto::sql
