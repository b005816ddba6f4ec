#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// Statements about the session, its transaction, cursors and prepared statements, and maintenance.
namespace vesto::sql {

absl::StatusOr<Statement::Node> Parser::ParseExplain() {
  ExplainStatement explain;
  tokens_.Take();
  if (tokens_.Is(Keyword::kAnalyze) || tokens_.Is(Keyword::kAnalyse)) {
    return NotSupported("EXPLAIN ANALYZE", tokens_.offset());
  }
  explain.verbose = tokens_.Accept(Keyword::kVerbose);
  if (tokens_.Is("("_symbol) && !IsQueryStart(1) && !tokens_.Is("("_symbol, 1)) {
    return NotSupported("EXPLAIN with options", tokens_.offset());
  }
  if (tokens_.IsWord("explain")) return tokens_.Unexpected();
  VESTO_ASSIGN_OR_RETURN(explain.statement, ParseInnerStatement());
  return explain;
}

// ANALYZE [VERBOSE] [COMPRESSION] [table [(columns)]] [PREDICATE COLUMNS | ALL COLUMNS] [COMPROWS
// n]
absl::StatusOr<Statement::Node> Parser::ParseAnalyze() {
  AnalyzeStatement analyze;
  tokens_.Take();
  analyze.verbose = tokens_.Accept(Keyword::kVerbose);
  analyze.compression = tokens_.AcceptWord("compression");
  const auto at_predicate = [this] {
    return tokens_.IsWord("predicate") && tokens_.IsWord("columns", 1);
  };
  const auto at_rows = [this] {
    return tokens_.IsWord("comprows") && tokens_.Is(TokenKind::kNumber, 1);
  };
  if (IsName() && !at_predicate() && !at_rows()) {
    VESTO_ASSIGN_OR_RETURN(analyze.table, ParseQualifiedName());
    if (tokens_.Is("("_symbol)) {
      VESTO_ASSIGN_OR_RETURN(analyze.columns, ParseNamesInParentheses());
    }
  }
  if (at_predicate()) {
    tokens_.Take();
    tokens_.Take();
    analyze.predicate_columns = true;
  } else {
    tokens_.AcceptWords("all", "columns");
  }
  if (analyze.compression && at_rows()) {
    tokens_.Take();
    VESTO_ASSIGN_OR_RETURN(analyze.sample_rows, ParseInteger());
  }
  return analyze;
}

absl::StatusOr<Statement::Node> Parser::ParseVacuum() {
  using Mode = VacuumStatement::Mode;
  VacuumStatement vacuum;
  tokens_.Take();
  if (tokens_.AcceptWords("sort", "only")) {
    vacuum.mode = Mode::kSortOnly;
  } else if (tokens_.AcceptWords("delete", "only")) {
    vacuum.mode = Mode::kDeleteOnly;
  } else if (tokens_.IsWord("reindex") && IsName(1)) {
    tokens_.Take();
    vacuum.mode = Mode::kReindex;
  } else if (tokens_.IsWord("recluster") && IsName(1)) {
    tokens_.Take();
    vacuum.mode = Mode::kRecluster;
  } else {
    tokens_.Accept(Keyword::kFull);
  }
  if (!IsName()) return vacuum;
  VESTO_ASSIGN_OR_RETURN(vacuum.table, ParseQualifiedName());
  if (tokens_.Accept(Keyword::kTo)) {
    const int offset = tokens_.offset();
    VESTO_ASSIGN_OR_RETURN(vacuum.to_percent, ParseSmallInteger());
    if (*vacuum.to_percent < 0 || *vacuum.to_percent > 100) {
      return SqlError(SqlState::kInvalidParameterValue,
                      "the threshold of VACUUM must be from 0 to 100 percent")
          .At(offset);
    }
    if (vacuum.mode == Mode::kRecluster || vacuum.mode == Mode::kReindex) {
      return SqlError(SqlState::kSyntaxError, "VACUUM REINDEX and RECLUSTER take no TO ... PERCENT")
          .At(offset);
    }
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kPercent));
  }
  vacuum.boost = tokens_.AcceptWord("boost");
  return vacuum;
}

// LOCK [TABLE] t, ... [IN ACCESS EXCLUSIVE MODE]: every mode is ACCESS EXCLUSIVE.
absl::StatusOr<Statement::Node> Parser::ParseLock() {
  LockStatement lock;
  tokens_.Take();
  tokens_.Accept(Keyword::kTable);
  VESTO_ASSIGN_OR_RETURN(lock.tables, ParseQualifiedNameList());
  if (tokens_.Accept(Keyword::kIn)) {
    while (!tokens_.IsWord("mode")) {
      if (!tokens_.Is(TokenKind::kWord)) return tokens_.Unexpected();
      tokens_.Take();
    }
    tokens_.Take();
  }
  return lock;
}

// BEGIN [WORK | TRANSACTION] modes, START TRANSACTION modes
absl::StatusOr<Statement::Node> Parser::ParseBegin() {
  TransactionStatement begin;
  const bool start = tokens_.IsWord("start");
  tokens_.Take();
  if (start) {
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("transaction"));
  } else if (!tokens_.AcceptWord("work")) {
    tokens_.AcceptWord("transaction");
  }
  VESTO_ASSIGN_OR_RETURN(begin.read_only, ParseTransactionModes());
  return begin;
}

// Every isolation level is executed as the database's own.
absl::StatusOr<bool> Parser::ParseTransactionModes() {
  bool read_only = false;
  while (!AtStatementEnd()) {
    if (tokens_.AcceptWords("isolation", "level")) {
      if (!tokens_.AcceptWord("serializable") && !tokens_.AcceptWord("snapshot") &&
          !tokens_.AcceptWords("read", "committed") &&
          !tokens_.AcceptWords("read", "uncommitted") &&
          !tokens_.AcceptWords("repeatable", "read")) {
        return tokens_.Unexpected();
      }
    } else if (tokens_.AcceptWords("read", "only")) {
      read_only = true;
    } else if (tokens_.AcceptWords("read", "write")) {
      read_only = false;
    } else {
      return tokens_.Unexpected();
    }
    tokens_.Accept(","_symbol);
  }
  return read_only;
}

absl::StatusOr<Statement::Node> Parser::ParseEndOfTransaction(TransactionStatement::Kind kind) {
  TransactionStatement end;
  end.kind = kind;
  tokens_.Take();
  if (tokens_.IsWord("prepared")) {
    return Unsupported(kind == TransactionStatement::Kind::kCommit ? "COMMIT PREPARED"
                                                                   : "ROLLBACK PREPARED");
  }
  if (!tokens_.AcceptWord("work")) tokens_.AcceptWord("transaction");
  if (kind == TransactionStatement::Kind::kRollback && tokens_.Is(Keyword::kTo)) {
    return Unsupported("ROLLBACK TO SAVEPOINT");
  }
  return end;
}

absl::StatusOr<std::string> Parser::ParseSettingName() {
  VESTO_ASSIGN_OR_RETURN(std::string name, ParseLabel());
  while (tokens_.Accept("."_symbol)) {
    VESTO_ASSIGN_OR_RETURN(const std::string part, ParseLabel());
    absl::StrAppend(&name, ".", part);
  }
  return name;
}

absl::StatusOr<std::string> Parser::ParseSettingValue() {
  const Token token = tokens_.Peek();
  switch (token.kind) {
    case TokenKind::kString:
      return ParseStringLiteral();
    case TokenKind::kNumber:
      return std::string(tokens_.lexer().Raw(tokens_.Take()));
    case TokenKind::kWord:
    case TokenKind::kQuotedWord:
      return ParseSettingName();
    case TokenKind::kSymbol:
      if ((token.symbol == "-"_symbol || token.symbol == "+"_symbol) &&
          tokens_.Is(TokenKind::kNumber, 1)) {
        tokens_.Take();
        const std::string number(tokens_.lexer().Raw(tokens_.Take()));
        return token.symbol == "-"_symbol ? absl::StrCat("-", number) : number;
      }
      return tokens_.Unexpected();
    case TokenKind::kParameter:
    case TokenKind::kEnd:
    case TokenKind::kError:
      return tokens_.Unexpected();
  }
  return tokens_.Unexpected();
}

absl::StatusOr<Statement::Node> Parser::ParseSet() {
  SetStatement set;
  tokens_.Take();
  if (tokens_.IsWord("session") && tokens_.IsWord("characteristics", 1)) {
    // Deprecated and ignored: SET SESSION CHARACTERISTICS AS TRANSACTION modes.
    tokens_.Take();
    tokens_.Take();
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAs));
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("transaction"));
    VESTO_RETURN_IF_ERROR(ParseTransactionModes().status());
    set.name = "session_characteristics";
    return set;
  }
  const bool names_itself =
      tokens_.Is("."_symbol, 1) || tokens_.Is("="_symbol, 1) || tokens_.Is(Keyword::kTo, 1);
  if (!names_itself && tokens_.IsWord("local")) {
    tokens_.Take();
    set.local = true;
  } else if (!names_itself && tokens_.IsWord("session") &&
             !tokens_.Is(Keyword::kAuthorization, 1)) {
    tokens_.Take();
  }
  if (tokens_.IsWord("transaction") &&
      (tokens_.IsWord("isolation", 1) || tokens_.IsWord("read", 1))) {
    tokens_.Take();
    VESTO_ASSIGN_OR_RETURN(const bool read_only, ParseTransactionModes());
    set.name = "transaction";
    set.values.push_back(read_only ? "read only" : "read write");
    return set;
  }
  if (tokens_.AcceptWords("session", "authorization")) {
    set.name = "session_authorization";
    if (tokens_.Accept(Keyword::kDefault)) {
      set.to_default = true;
    } else if (tokens_.Is(TokenKind::kString)) {
      VESTO_ASSIGN_OR_RETURN(std::string user, ParseStringLiteral());
      set.values.push_back(std::move(user));
    } else {
      VESTO_ASSIGN_OR_RETURN(std::string user, ParseUserName());
      set.values.push_back(std::move(user));
    }
    return set;
  }
  if (tokens_.AcceptWords("time", "zone")) {
    set.name = "timezone";
    if (tokens_.AcceptWord("local") || tokens_.Accept(Keyword::kDefault)) {
      set.to_default = true;
      return set;
    }
    if (tokens_.Accept(Keyword::kInterval)) {
      VESTO_ASSIGN_OR_RETURN(std::string interval, ParseStringLiteral());
      std::vector<int> modifiers;
      VESTO_RETURN_IF_ERROR(ParseIntervalQualifier(&modifiers).status());
      set.values.push_back(std::move(interval));
      return set;
    }
    VESTO_ASSIGN_OR_RETURN(std::string zone, ParseSettingValue());
    set.values.push_back(std::move(zone));
    return set;
  }
  if (tokens_.IsWord("role") && !names_itself) {
    tokens_.Take();
    set.name = "role";
  } else if (tokens_.IsWord("names") && tokens_.Is(TokenKind::kString, 1)) {
    tokens_.Take();
    set.name = "client_encoding";
  } else {
    VESTO_ASSIGN_OR_RETURN(set.name, ParseSettingName());
    if (!tokens_.Accept("="_symbol)) VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kTo));
  }
  if (tokens_.Accept(Keyword::kDefault)) {
    set.to_default = true;
    return set;
  }
  do {
    VESTO_ASSIGN_OR_RETURN(std::string value, ParseSettingValue());
    set.values.push_back(std::move(value));
  } while (tokens_.Accept(","_symbol));
  return set;
}

absl::StatusOr<Statement::Node> Parser::ParseReset() {
  ResetStatement reset;
  tokens_.Take();
  if (tokens_.AcceptWords("session", "authorization")) {
    reset.name = "session_authorization";
  } else if (tokens_.AcceptWords("time", "zone")) {
    reset.name = "timezone";
  } else if (tokens_.IsWord("use")) {
    return Unsupported("RESET USE");
  } else {
    VESTO_ASSIGN_OR_RETURN(reset.name, ParseSettingName());
  }
  return reset;
}

// DISCARD ALL | PLANS | SEQUENCES | TEMP
absl::StatusOr<Statement::Node> Parser::ParseDiscard() {
  using What = DiscardStatement::What;
  DiscardStatement discard;
  tokens_.Take();
  if (tokens_.Accept(Keyword::kAll)) {
    discard.what = What::kAll;
  } else if (tokens_.AcceptWord("plans")) {
    discard.what = What::kPlans;
  } else if (tokens_.AcceptWord("sequences")) {
    discard.what = What::kSequences;
  } else if (tokens_.AcceptWord("temp") || tokens_.AcceptWord("temporary")) {
    discard.what = What::kTemporary;
  } else {
    return tokens_.Unexpected();
  }
  return discard;
}

absl::StatusOr<Statement::Node> Parser::ParseUnlisten() {
  tokens_.Take();
  if (!tokens_.Accept("*"_symbol)) VESTO_RETURN_IF_ERROR(ParseName().status());
  return UnlistenStatement();
}

absl::StatusOr<Statement::Node> Parser::ParsePrepare() {
  PrepareStatement prepare;
  tokens_.Take();
  if (tokens_.IsWord("transaction") && tokens_.Is(TokenKind::kString, 1)) {
    return Unsupported("PREPARE TRANSACTION");
  }
  VESTO_ASSIGN_OR_RETURN(prepare.name, ParseName());
  if (tokens_.Accept("("_symbol)) {
    do {
      VESTO_ASSIGN_OR_RETURN(TypeName type, ParseTypeName());
      prepare.types.push_back(std::move(type));
    } while (tokens_.Accept(","_symbol));
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAs));
  const Token first = tokens_.Peek();
  VESTO_ASSIGN_OR_RETURN(prepare.statement, ParseInnerStatement());
  const Statement::Node& node = prepare.statement->node;
  if (!std::holds_alternative<SelectStatement>(node) &&
      !std::holds_alternative<InsertStatement>(node) &&
      !std::holds_alternative<UpdateStatement>(node) &&
      !std::holds_alternative<DeleteStatement>(node)) {
    return SqlError(SqlState::kSyntaxError, "PREPARE takes a SELECT, INSERT, UPDATE or DELETE")
        .At(first.offset);
  }
  num_parameters_ = 0;  // $n belong to the inner statement
  return prepare;
}

absl::StatusOr<Statement::Node> Parser::ParseExecute() {
  ExecuteStatement execute;
  tokens_.Take();
  VESTO_ASSIGN_OR_RETURN(execute.name, ParseName());
  if (tokens_.Accept("("_symbol) && !tokens_.Accept(")"_symbol)) {
    VESTO_ASSIGN_OR_RETURN(execute.arguments, ParseExpressionList());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  }
  return execute;
}

absl::StatusOr<Statement::Node> Parser::ParseDeallocate() {
  DeallocateStatement deallocate;
  tokens_.Take();
  if (tokens_.IsWord("prepare") && (IsName(1) || tokens_.Is(Keyword::kAll, 1))) tokens_.Take();
  if (!tokens_.Accept(Keyword::kAll)) {
    VESTO_ASSIGN_OR_RETURN(deallocate.name, ParseName());
  }
  return deallocate;
}

absl::StatusOr<Statement::Node> Parser::ParseDeclare() {
  DeclareCursorStatement declare;
  tokens_.Take();
  VESTO_ASSIGN_OR_RETURN(declare.name, ParseName());
  const int offset = tokens_.offset();
  for (std::string_view word : {"binary", "insensitive", "scroll"}) {
    if (tokens_.IsWord(word)) {
      return NotSupported(absl::StrCat(absl::AsciiStrToUpper(sv(word)), " cursor"), offset);
    }
  }
  tokens_.AcceptWords("no", "scroll");
  VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("cursor"));
  if (tokens_.Is(Keyword::kWith) && tokens_.IsWord("hold", 1)) {
    return NotSupported("WITH HOLD cursor", offset);
  }
  if (tokens_.Is(Keyword::kWithout)) {
    tokens_.Take();
    VESTO_RETURN_IF_ERROR(tokens_.ExpectWord("hold"));
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFor));
  if (!IsQueryStart() && !tokens_.Is("("_symbol)) return tokens_.Unexpected();
  VESTO_ASSIGN_OR_RETURN(declare.statement, ParseInnerStatement());
  // WITH may begin an INSERT, UPDATE or DELETE too, and a query may have INTO.
  const auto* select = std::get_if<SelectStatement>(&declare.statement->node);
  if (select == nullptr) {
    return SqlError(SqlState::kSyntaxError, "a cursor is declared for a query")
        .At(declare.statement->offset);
  }
  if (select->query->select != nullptr && !select->query->select->into.empty()) {
    return SqlError(SqlState::kSyntaxError, "DECLARE CURSOR cannot specify INTO")
        .At(declare.statement->offset);
  }
  return declare;
}

// FETCH [NEXT | ALL | [FORWARD] n | FORWARD [n | ALL]] [FROM | IN] cursor
absl::StatusOr<Statement::Node> Parser::ParseFetch() {
  FetchStatement fetch;
  tokens_.Take();
  fetch.count = 1;
  const auto parse_count = [&]() -> absl::Status {
    if (tokens_.Accept(Keyword::kAll)) {
      fetch.count.reset();
    } else if (tokens_.Is(TokenKind::kNumber) || tokens_.Is("-"_symbol)) {
      VESTO_ASSIGN_OR_RETURN(fetch.count, ParseInteger());
    }
    return absl::OkStatus();
  };
  // A direction is a name too: it is one when more than the statement's end follows.
  const bool more = !tokens_.Is(TokenKind::kEnd, 1) && !tokens_.Is(";"_symbol, 1);
  for (std::string_view word : {"backward", "prior", "first", "last", "absolute", "relative"}) {
    if (more && tokens_.IsWord(word)) {
      return NotSupported(absl::StrCat("FETCH ", absl::AsciiStrToUpper(sv(word))),
                          tokens_.offset());
    }
  }
  if (more && tokens_.AcceptWord("forward")) {
    VESTO_RETURN_IF_ERROR(parse_count());
  } else if (!more || !tokens_.AcceptWord("next")) {
    VESTO_RETURN_IF_ERROR(parse_count());
  }
  if (fetch.count.has_value() && *fetch.count < 0) {
    return NotSupported("FETCH BACKWARD", tokens_.offset());
  }
  if (!tokens_.Accept(Keyword::kFrom)) tokens_.Accept(Keyword::kIn);
  VESTO_ASSIGN_OR_RETURN(fetch.cursor, ParseName());
  return fetch;
}

absl::StatusOr<Statement::Node> Parser::ParseClose() {
  CloseStatement close;
  tokens_.Take();
  if (!tokens_.Accept(Keyword::kAll)) {
    VESTO_ASSIGN_OR_RETURN(close.cursor, ParseName());
  }
  return close;
}

absl::StatusOr<Statement::Node> Parser::ParseCancel() {
  CancelStatement cancel;
  tokens_.Take();
  VESTO_ASSIGN_OR_RETURN(cancel.pid, ParseInteger());
  if (tokens_.Is(TokenKind::kString)) tokens_.Take();
  return cancel;
}

}  // namespace vesto::sql
