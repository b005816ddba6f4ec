#include <optional>

#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// DROP.
namespace vesto::sql {

bool Parser::AcceptCascade() {
  if (tokens_.AcceptWord("cascade")) return true;
  tokens_.AcceptWord("restrict");
  return false;
}

absl::Status Parser::SkipSignature() {
  if (!tokens_.Accept("("_symbol)) return absl::OkStatus();
  int depth = 1;
  while (depth > 0) {
    if (AtStatementEnd() || tokens_.Is(TokenKind::kError)) return tokens_.Unexpected();
    const Token token = tokens_.Take();
    if (token.symbol == "("_symbol) ++depth;
    if (token.symbol == ")"_symbol) --depth;
  }
  return absl::OkStatus();
}

// One of the words after DROP, GRANT ... ON and COMMENT ON that name a kind of object.
std::optional<ObjectKind> Parser::AcceptObjectKind() {
  struct Kind {
    std::string_view word;
    ObjectKind kind;
  };
  static constexpr Kind kKinds[] = {
      {"table", ObjectKind::kTable},
      {"view", ObjectKind::kView},
      {"schema", ObjectKind::kSchema},
      {"database", ObjectKind::kDatabase},
      {"user", ObjectKind::kUser},
      {"group", ObjectKind::kGroup},
      {"function", ObjectKind::kFunction},
      {"procedure", ObjectKind::kProcedure},
      {"role", ObjectKind::kRole},
      {"column", ObjectKind::kColumn},
      {"constraint", ObjectKind::kConstraint},
      {"language", ObjectKind::kLanguage},
  };
  if (tokens_.AcceptWords("materialized", "view")) return ObjectKind::kMaterializedView;
  for (const Kind& kind : kKinds) {
    if (!tokens_.IsWord(kind.word)) continue;
    // A table may be named like a free kind: GRANT SELECT ON role TO u.
    if (!IsReserved(tokens_.Peek().keyword) && !IsName(1)) {
      return std::nullopt;
    }
    tokens_.Take();
    return kind.kind;
  }
  return std::nullopt;
}

absl::StatusOr<Statement::Node> Parser::ParseDrop() {
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("drop"));
  const Token first = tokens_.Peek();
  if (tokens_.IsWord("language") || tokens_.IsWord("column") || tokens_.IsWord("constraint")) {
    return ParseUnsupported("DROP");
  }
  const std::optional<ObjectKind> kind = AcceptObjectKind();
  if (!kind.has_value()) {
    if (first.kind == TokenKind::kEnd) return tokens_.Unexpected();
    return ParseUnsupported("DROP");
  }
  DropStatement drop;
  drop.kind = *kind;
  if (tokens_.IsWord("if") && tokens_.Is(Keyword::kExists, 1)) {
    tokens_.Take();
    tokens_.Take();
    drop.if_exists = true;
  }
  const bool user =
      *kind == ObjectKind::kUser || *kind == ObjectKind::kGroup || *kind == ObjectKind::kRole;
  const bool callable = *kind == ObjectKind::kFunction || *kind == ObjectKind::kProcedure;
  do {
    Name name;
    if (user) {
      VESTO_ASSIGN_OR_RETURN(std::string user_name, ParseUserName());
      name.push_back(std::move(user_name));
    } else {
      VESTO_ASSIGN_OR_RETURN(name, ParseQualifiedName());
    }
    if (callable) VESTO_RETURN_IF_ERROR(SkipSignature());
    drop.names.push_back(std::move(name));
  } while (tokens_.Accept(","_symbol));
  if (*kind == ObjectKind::kSchema && tokens_.IsWord("drop")) {
    return NotSupported("DROP EXTERNAL DATABASE", tokens_.offset());
  }
  if (*kind == ObjectKind::kRole || *kind == ObjectKind::kDatabase) {
    drop.cascade = tokens_.AcceptWord("force");
  }
  if (AcceptCascade()) drop.cascade = true;
  return drop;
}

}  // namespace vesto::sql
