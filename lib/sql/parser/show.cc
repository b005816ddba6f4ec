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
  for (std::string_view word :
       {"databases", "schemas", "tables", "columns", "functions", "procedures"}) {
    if (!tokens_.IsWord(word) || tokens_.Is("."_symbol, 1)) continue;
    show.object_form = word;
    return ParseShowObjects(std::move(show));
  }
  if (tokens_.IsWord("constraints") &&
      (tokens_.IsWord("primary", 1) || tokens_.IsWord("foreign", 1))) {
    return ParseShowConstraints();
  }
  if (tokens_.IsWord("parameters") && tokens_.IsWord("of", 1)) return ParseShowParameters();
  for (const bool of_columns : {false, true}) {
    if (!tokens_.IsWord(of_columns ? "column" : "grants") ||
        (of_columns && !tokens_.IsWord("grants", 1))) {
      continue;
    }
    if (of_columns) tokens_.Take();
    if (tokens_.Is(Keyword::kOn, 1) || tokens_.Is(Keyword::kFor, 1)) {
      return ParseShowGrants(of_columns);
    }
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
    if (show.object_form == "schemas") {
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("database"));
      VESTO_RETURN_IF_ERROR(ParseShowPath(1, &show));
    } else if (show.object_form == "columns") {
      VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kTable));
      VESTO_RETURN_IF_ERROR(ParseShowPath(3, &show));
    } else {
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("schema"));
      VESTO_RETURN_IF_ERROR(ParseShowPath(2, &show));
    }
  }
  VESTO_RETURN_IF_ERROR(ParseShowFilter(&show));
  return show;
}

// SHOW CONSTRAINTS {PRIMARY KEYS | FOREIGN KEYS [EXPORTED]} FROM TABLE d.s.t [LIMIT n]
absl::StatusOr<Statement::Node> Parser::ParseShowConstraints() {
  ShowStatement show;
  tokens_.Take();
  if (tokens_.AcceptWords("primary", "keys")) {
    show.object_form = "primary keys";
  } else if (tokens_.AcceptWords("foreign", "keys")) {
    show.object_form = tokens_.AcceptWord("exported") ? "exported keys" : "foreign keys";
  } else {
    return tokens_.Unexpected();
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFrom));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kTable));
  VESTO_RETURN_IF_ERROR(ParseShowPath(3, &show));
  VESTO_RETURN_IF_ERROR(ParseShowFilter(&show));
  return show;
}

// SHOW [COLUMN] GRANTS ON {DATABASE d | SCHEMA s | TABLE t | FUNCTION f(types)} [FOR u] [LIMIT n]
// SHOW GRANTS FOR u [FROM DATABASE d] [LIMIT n]
absl::StatusOr<Statement::Node> Parser::ParseShowGrants(bool of_columns) {
  ShowStatement show;
  tokens_.Take();
  if (tokens_.Accept(Keyword::kOn)) {
    if (tokens_.Accept(Keyword::kTable)) {
      show.object_form = of_columns ? "column grants" : "table grants";
      VESTO_RETURN_IF_ERROR(ParseShowPath(3, &show));
    } else if (of_columns) {
      return tokens_.Unexpected();
    } else if (tokens_.AcceptWord("database")) {
      show.object_form = "database grants";
      VESTO_RETURN_IF_ERROR(ParseShowPath(1, &show));
    } else if (tokens_.AcceptWord("schema")) {
      show.object_form = "schema grants";
      VESTO_RETURN_IF_ERROR(ParseShowPath(2, &show));
    } else if (tokens_.AcceptWord("function")) {
      show.object_form = "function grants";
      VESTO_RETURN_IF_ERROR(ParseShowPath(3, &show));
      VESTO_RETURN_IF_ERROR(SkipSignature());
    } else if (tokens_.IsWord("template")) {
      return Unsupported("SHOW GRANTS ON TEMPLATE");
    } else {
      return tokens_.Unexpected();
    }
    if (tokens_.Accept(Keyword::kFor)) {
      VESTO_ASSIGN_OR_RETURN(show.grantee, ParseGrantee());
    }
  } else {
    if (of_columns) return tokens_.Unexpected();
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFor));
    show.object_form = "grants";
    VESTO_ASSIGN_OR_RETURN(show.grantee, ParseGrantee());
    if (tokens_.Accept(Keyword::kFrom)) {
      VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("database"));
      VESTO_RETURN_IF_ERROR(ParseShowPath(1, &show));
    }
  }
  VESTO_RETURN_IF_ERROR(ParseShowFilter(&show));
  return show;
}

// SHOW PARAMETERS OF {FUNCTION | PROCEDURE} d.s.f(type, ...) [LIKE 'p']
absl::StatusOr<Statement::Node> Parser::ParseShowParameters() {
  ShowStatement show;
  tokens_.Take();
  tokens_.Take();
  if (tokens_.AcceptWord("function")) {
    show.object_form = "function parameters";
  } else if (tokens_.AcceptWord("procedure")) {
    show.object_form = "procedure parameters";
  } else {
    return tokens_.Unexpected();
  }
  VESTO_RETURN_IF_ERROR(ParseShowPath(3, &show));
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  while (!tokens_.Accept(")"_symbol)) {
    if (!show.arguments.empty()) VESTO_RETURN_IF_ERROR(tokens_.Expect(","_symbol));
    if (tokens_.Is(TokenKind::kParameter)) {
      VESTO_ASSIGN_OR_RETURN(ExpressionPtr argument, ParseParameter());
      show.arguments.push_back(std::move(argument));
      continue;
    }
    auto argument = std::make_unique<Expression>();
    argument->kind = ExpressionKind::kString;
    argument->offset = tokens_.offset();
    VESTO_RETURN_IF_ERROR(ParseTypeName().status());
    argument->text = tokens_.TextFrom(argument->offset);
    show.arguments.push_back(std::move(argument));
  }
  VESTO_RETURN_IF_ERROR(ParseShowFilter(&show));
  return show;
}

absl::Status Parser::ParseShowPath(size_t names_max, ShowStatement* show) {
  do {
    if (show->path.size() == names_max) return tokens_.Unexpected();
    VESTO_ASSIGN_OR_RETURN(ExpressionPtr part, ParseNameOrParameter());
    show->path.push_back(std::move(part));
  } while (tokens_.Accept("."_symbol));
  return absl::OkStatus();
}

absl::Status Parser::ParseShowFilter(ShowStatement* show) {
  if (tokens_.Accept(Keyword::kLike)) {
    if (tokens_.Is(TokenKind::kString)) {
      show->like = std::make_unique<Expression>();
      show->like->kind = ExpressionKind::kString;
      show->like->offset = tokens_.offset();
      VESTO_ASSIGN_OR_RETURN(show->like->text, ParseStringLiteral());
    } else {
      VESTO_ASSIGN_OR_RETURN(show->like, ParseNameOrParameter());
    }
  }
  if (tokens_.Accept(Keyword::kLimit)) {
    VESTO_ASSIGN_OR_RETURN(show->limit, ParseInteger());
  }
  return absl::OkStatus();
}

}  // namespace vesto::sql
