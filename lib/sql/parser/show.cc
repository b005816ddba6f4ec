#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// SHOW: parameters, the DDL of an object, and lists of objects.
namespace vesto::sql {

absl::StatusOr<ExpressionPtr> Parser::ParseNameOrParameter() {
  if (tokens_.Is(TokenKind::kParameter)) return ParseParameter();
  auto name = std::make_unique<Expression>();
  name->kind = ExpressionKind::kString;
  name->offset = tokens_.offset();
  VESTO_ASSIGN_OR_RETURN(name->text, ParseLabel());
  return name;
}

absl::StatusOr<Statement::Node> Parser::ParseShow() {
  ShowStatement show;
  tokens_.Take();
  if (tokens_.AcceptWords("time", "zone")) {
    show.name = "timezone";
    return show;
  }
  if (tokens_.AcceptWords("session", "authorization")) {
    show.name = "session_authorization";
    return show;
  }
  if (tokens_.AcceptWords("transaction", "isolation")) {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("level"));
    show.name = "transaction_isolation";
    return show;
  }
  if ((tokens_.IsWord("table") || tokens_.IsWord("view")) && IsName(1)) {
    VESTO_ASSIGN_OR_RETURN(show.object_form, ParseLabel());
    VESTO_ASSIGN_OR_RETURN(show.object, ParseQualifiedName());
    return show;
  }
  for (std::string_view word : {"databases", "schemas", "tables", "columns"}) {
    if (!tokens_.IsWord(word) || tokens_.Is("."_symbol, 1)) continue;
    show.object_form = word;
    return ParseShowObjects(std::move(show));
  }
  const bool one_word =
      tokens_.Is(TokenKind::kEnd, 1) || tokens_.Is(";"_symbol, 1) || tokens_.Is("."_symbol, 1);
  if (!one_word || tokens_.IsWord("datashares") || tokens_.IsWord("use")) {
    return ParseUnsupported("SHOW");
  }
  VESTO_ASSIGN_OR_RETURN(show.name, ParseSettingName());
  return show;
}

// SHOW TABLES FROM SCHEMA d.s [LIKE 'p'] [LIMIT n], and its like for other objects.
absl::StatusOr<Statement::Node> Parser::ParseShowObjects(ShowStatement show) {
  tokens_.Take();
  if (tokens_.Accept(Keyword::kFrom)) {
    if (show.object_form == "databases") return Unsupported("SHOW DATABASES FROM DATA CATALOG");
    size_t names_max = 1;
    if (show.object_form == "schemas") {
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("database"));
    } else if (show.object_form == "tables") {
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("schema"));
      names_max = 2;
    } else {
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("table"));
      names_max = 3;
    }
    do {
      if (show.path.size() == names_max) return tokens_.Unexpected();
      VESTO_ASSIGN_OR_RETURN(ExpressionPtr part, ParseNameOrParameter());
      show.path.push_back(std::move(part));
    } while (tokens_.Accept("."_symbol));
  }
  if (tokens_.Accept(Keyword::kLike)) {
    if (tokens_.Is(TokenKind::kString)) {
      show.like = std::make_unique<Expression>();
      show.like->kind = ExpressionKind::kString;
      show.like->offset = tokens_.offset();
      VESTO_ASSIGN_OR_RETURN(show.like->text, ParseStringLiteral());
    } else {
      VESTO_ASSIGN_OR_RETURN(show.like, ParseNameOrParameter());
    }
  }
  if (tokens_.Accept(Keyword::kLimit)) {
    VESTO_ASSIGN_OR_RETURN(show.limit, ParseInteger());
  }
  return show;
}

}  // namespace vesto::sql
