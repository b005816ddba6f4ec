#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/stack_guard.h"
#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// Operators, by precedence climbing. Chains are loops: a million "+" make a tree a million deep
// without a recursion a million deep.
namespace vesto::sql {
namespace {

consteval uint32_t operator""_code(const char* text, size_t size) {
  return static_cast<uint32_t>(MakeSymbol(std::string_view(text, size)));
}

struct Infix {
  Precedence level;
  bool operator_symbol;  // kBinary, or kQuantified with ANY
};

// The level of a symbol between two operands; kPostfix when it is none.
Infix InfixOf(Symbol symbol) {
  switch (static_cast<uint32_t>(symbol)) {
    case "="_code:
    case "<"_code:
    case ">"_code:
    case "<="_code:
    case ">="_code:
    case "<>"_code:
      return {Precedence::kComparison, true};
    case "~"_code:
    case "!~"_code:
    case "~*"_code:
    case "!~*"_code:
    case "~~"_code:
    case "!~~"_code:
    case "~~*"_code:
    case "!~~*"_code:
      return {Precedence::kPredicate, true};
    case "||"_code:
      return {Precedence::kConcat, true};
    case "&"_code:
    case "|"_code:
    case "#"_code:
    case "<<"_code:
    case ">>"_code:
      return {Precedence::kBits, true};
    case "+"_code:
    case "-"_code:
      return {Precedence::kSum, true};
    case "*"_code:
    case "/"_code:
    case "%"_code:
      return {Precedence::kProduct, true};
    case "^"_code:
      return {Precedence::kPower, true};
    default:
      return {Precedence::kPostfix, false};
  }
}

// The level of a symbol before its operand; kPostfix when it is none.
Precedence PrefixLevel(Symbol symbol) {
  switch (static_cast<uint32_t>(symbol)) {
    case "+"_code:
    case "-"_code:
      return Precedence::kSign;
    case "@"_code:
      return Precedence::kAbsolute;
    case "~"_code:
      return Precedence::kBits;
    case "|/"_code:
    case "||/"_code:
      return Precedence::kPower;
    default:
      return Precedence::kPostfix;
  }
}

std::string SymbolText(Symbol symbol) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    const char c = static_cast<char>(static_cast<uint32_t>(symbol) >> shift & 0xFF);
    if (c != '\0') text.push_back(c);
  }
  return text;
}

}  // namespace

ExpressionPtr MakeExpression(ExpressionKind kind, int offset) {
  auto expression = std::make_unique<Expression>();
  expression->kind = kind;
  expression->offset = offset;
  return expression;
}

absl::Status Parser::Nesting::Check() const {
  if (parser_->nesting_ <= kMaxNesting && base::HasStack()) return absl::OkStatus();
  return SqlError(SqlState::kStatementTooComplex, "statement is nested too deeply")
      .At(parser_->tokens_.offset());
}

absl::StatusOr<ExpressionPtr> Parser::ParseExpression() { return ParseOperators(Precedence::kOr); }

absl::StatusOr<ExpressionPtr> Parser::ParseOperators(Precedence lowest) {
  const Nesting nesting(this);
  VESTO_RETURN_IF_ERROR(nesting.Check());
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr first, ParsePrefix());
  return ClimbOperators(std::move(first), lowest);
}

absl::StatusOr<ExpressionPtr> Parser::ParsePrefix() {
  struct Prefix {
    std::string op;
    Precedence level;
    int offset;
  };
  std::vector<Prefix> prefixes;
  while (true) {
    const Token& token = tokens_.Peek();
    if (token.keyword == Keyword::kNot) {
      prefixes.push_back({"not", Precedence::kNot, token.offset});
    } else if (token.keyword == Keyword::kPrior && in_connect_by_ &&
               (IsName(1) || tokens_.Is("("_symbol, 1))) {
      prefixes.push_back({"prior", Precedence::kSign, token.offset});
    } else if (const Precedence level = PrefixLevel(token.symbol); level != Precedence::kPostfix) {
      prefixes.push_back({SymbolText(token.symbol), level, token.offset});
    } else {
      break;
    }
    tokens_.Take();
  }
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr operand, ParsePostfix());
  for (; !prefixes.empty(); prefixes.pop_back()) {
    Prefix& prefix = prefixes.back();
    VESTO_ASSIGN_OR_RETURN(operand, ClimbOperators(std::move(operand), Above(prefix.level)));
    ExpressionPtr unary = MakeExpression(
        prefix.op == "prior" ? ExpressionKind::kPrior : ExpressionKind::kUnary, prefix.offset);
    if (unary->kind == ExpressionKind::kUnary) unary->op = std::move(prefix.op);
    unary->args.push_back(std::move(operand));
    operand = std::move(unary);
  }
  return operand;
}

absl::StatusOr<ExpressionPtr> Parser::ClimbOperators(ExpressionPtr left, Precedence lowest) {
  // The AND or OR that this loop built last: the next operand joins it.
  const Expression* open = nullptr;
  while (left->kind != ExpressionKind::kStar) {
    const Token token = tokens_.Peek();
    // OPERATOR(pg_catalog.~), as psql writes: the operator itself.
    const bool spelled_out = token.keyword == Keyword::kOperator && tokens_.Is("("_symbol, 1) &&
                             tokens_.IsWord("pg_catalog", 2) && tokens_.Is("."_symbol, 3) &&
                             tokens_.Is(")"_symbol, 5);
    const Symbol symbol = spelled_out ? tokens_.Peek(4).symbol : token.symbol;
    if (const Infix infix = InfixOf(symbol); infix.operator_symbol) {
      if (infix.level < lowest) return left;
      for (int i = spelled_out ? 6 : 1; i > 0; --i) tokens_.Take();
      const bool quantified =
          infix.level == Precedence::kComparison &&
          (tokens_.Is(Keyword::kAny) || tokens_.Is(Keyword::kSome) || tokens_.Is(Keyword::kAll));
      if (quantified) {
        VESTO_ASSIGN_OR_RETURN(left, ParseQuantified(std::move(left), SymbolText(symbol)));
        continue;
      }
      VESTO_ASSIGN_OR_RETURN(ExpressionPtr right, ParseOperators(Above(infix.level)));
      ExpressionPtr binary = MakeExpression(ExpressionKind::kBinary, token.offset);
      binary->op = SymbolText(symbol);
      binary->args.reserve(2);
      binary->args.push_back(std::move(left));
      binary->args.push_back(std::move(right));
      left = std::move(binary);
      continue;
    }
    switch (token.keyword) {
      case Keyword::kAnd:
      case Keyword::kOr: {
        const bool is_and = token.keyword == Keyword::kAnd;
        const Precedence level = is_and ? Precedence::kAnd : Precedence::kOr;
        const ExpressionKind kind = is_and ? ExpressionKind::kAnd : ExpressionKind::kOr;
        if (level < lowest) return left;
        tokens_.Take();
        VESTO_ASSIGN_OR_RETURN(ExpressionPtr right, ParseOperators(Above(level)));
        if (left.get() != open || left->kind != kind) {
          ExpressionPtr chain = MakeExpression(kind, left->offset);
          chain->args.push_back(std::move(left));
          left = std::move(chain);
          open = left.get();
        }
        left->args.push_back(std::move(right));
        continue;
      }
      case Keyword::kIs:
      case Keyword::kIsnull:
      case Keyword::kNotnull: {
        if (Precedence::kIs < lowest) return left;
        VESTO_ASSIGN_OR_RETURN(left, ParseIs(std::move(left)));
        continue;
      }
      case Keyword::kNot: {
        const Keyword next = tokens_.Peek(1).keyword;
        if (next != Keyword::kLike && next != Keyword::kIlike && next != Keyword::kSimilar &&
            next != Keyword::kBetween && next != Keyword::kIn) {
          return left;
        }
        [[fallthrough]];
      }
      case Keyword::kLike:
      case Keyword::kIlike:
      case Keyword::kSimilar:
      case Keyword::kBetween:
      case Keyword::kIn: {
        if (Precedence::kPredicate < lowest) return left;
        VESTO_ASSIGN_OR_RETURN(left, ParsePredicate(std::move(left)));
        continue;
      }
      case Keyword::kAt: {
        if (!tokens_.Is(Keyword::kTime, 1) || !tokens_.Is(Keyword::kZone, 2)) return left;
        if (Precedence::kTimeZone < lowest) return left;
        for (int i = 0; i < 3; ++i) tokens_.Take();
        VESTO_ASSIGN_OR_RETURN(ExpressionPtr zone, ParseOperators(Above(Precedence::kTimeZone)));
        ExpressionPtr at = MakeExpression(ExpressionKind::kAtTimeZone, token.offset);
        at->args.push_back(std::move(left));
        at->args.push_back(std::move(zone));
        left = std::move(at);
        continue;
      }
      case Keyword::kOverlaps:
        return NotSupported("OVERLAPS", token.offset);
      default:
        return left;
    }
  }
  return left;
}

absl::StatusOr<ExpressionPtr> Parser::ParseIs(ExpressionPtr left) {
  const Token token = tokens_.Take();
  if (token.keyword == Keyword::kIsnull || token.keyword == Keyword::kNotnull) {
    ExpressionPtr test = MakeExpression(ExpressionKind::kIsNull, token.offset);
    test->negated = token.keyword == Keyword::kNotnull;
    test->args.push_back(std::move(left));
    return test;
  }
  const bool negated = tokens_.Accept(Keyword::kNot);
  ExpressionPtr test = MakeExpression(ExpressionKind::kIsNull, token.offset);
  test->negated = negated;
  test->args.push_back(std::move(left));
  if (tokens_.Accept(Keyword::kNull)) return test;
  if (tokens_.Is(Keyword::kTrue) || tokens_.Is(Keyword::kFalse) || tokens_.Is(Keyword::kUnknown)) {
    test->kind = ExpressionKind::kIsBoolean;
    test->op = KeywordText(tokens_.Take().keyword);
    return test;
  }
  if (tokens_.Accept(Keyword::kDistinct)) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFrom));
    test->kind = ExpressionKind::kIsDistinctFrom;
    VESTO_ASSIGN_OR_RETURN(ExpressionPtr right, ParseOperators(Above(Precedence::kIs)));
    test->args.push_back(std::move(right));
    return test;
  }
  return tokens_.Unexpected();
}

absl::StatusOr<ExpressionPtr> Parser::ParsePredicate(ExpressionPtr left) {
  const int offset = tokens_.offset();
  const bool negated = tokens_.Accept(Keyword::kNot);
  const Keyword keyword = tokens_.Take().keyword;
  if (keyword == Keyword::kIn) {
    VESTO_ASSIGN_OR_RETURN(ExpressionPtr in, ParseIn(std::move(left), negated));
    in->offset = offset;
    return in;
  }
  if (keyword == Keyword::kSimilar) VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kTo));
  const bool between = keyword == Keyword::kBetween;
  ExpressionPtr test =
      MakeExpression(between ? ExpressionKind::kBetween : ExpressionKind::kLike, offset);
  test->negated = negated;
  if (!between) {
    test->op = keyword == Keyword::kSimilar ? "similar to" : std::string(KeywordText(keyword));
  }
  test->args.push_back(std::move(left));
  constexpr Precedence kOperand = Above(Precedence::kPredicate);
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr first, ParseOperators(kOperand));
  test->args.push_back(std::move(first));
  if (between) VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAnd));
  if (between || tokens_.Accept(Keyword::kEscape)) {
    VESTO_ASSIGN_OR_RETURN(ExpressionPtr second, ParseOperators(kOperand));
    test->args.push_back(std::move(second));
  }
  return test;
}

absl::StatusOr<ExpressionPtr> Parser::ParseIn(ExpressionPtr left, bool negated) {
  VESTO_ASSIGN_OR_RETURN(QueryOrList operand, ParseQueryOrList());
  const bool is_query = operand.query != nullptr;
  ExpressionPtr in =
      MakeExpression(is_query ? ExpressionKind::kInQuery : ExpressionKind::kInList, left->offset);
  in->negated = negated;
  in->query = std::move(operand.query);
  in->args.reserve(1 + operand.list.size());
  in->args.push_back(std::move(left));
  for (ExpressionPtr& item : operand.list) in->args.push_back(std::move(item));
  return in;
}

absl::StatusOr<ExpressionPtr> Parser::ParseQuantified(ExpressionPtr left, std::string op) {
  const Token quantifier = tokens_.Take();
  VESTO_ASSIGN_OR_RETURN(QueryOrList operand, ParseQueryOrList());
  if (operand.query == nullptr) {
    return QuantifiedArray(std::move(left), op, quantifier, std::move(operand.list));
  }
  ExpressionPtr test = MakeExpression(ExpressionKind::kQuantified, left->offset);
  test->op = std::move(op);
  test->quantifier = quantifier.keyword == Keyword::kAll ? "all" : "any";
  test->query = std::move(operand.query);
  test->args.push_back(std::move(left));
  return test;
}

// Clients ask the catalog with arrays. `= ANY (ARRAY[...])` is IN and `<> ALL (ARRAY[...])` NOT IN;
// any other array is asked by ARRAY_CONTAINS.
absl::StatusOr<ExpressionPtr> Parser::QuantifiedArray(ExpressionPtr left, std::string_view op,
                                                      const Token& quantifier,
                                                      std::vector<ExpressionPtr> list) {
  const bool all = quantifier.keyword == Keyword::kAll;
  if (list.size() != 1 || op != (all ? "<>" : "=")) {
    return NotSupported("ANY/ALL (array)", quantifier.offset);
  }
  ExpressionPtr array = std::move(list[0]);
  if (array->kind == ExpressionKind::kArray && !array->args.empty()) {
    ExpressionPtr in = MakeExpression(ExpressionKind::kInList, left->offset);
    in->negated = all;
    in->args.push_back(std::move(left));
    for (ExpressionPtr& element : array->args) in->args.push_back(std::move(element));
    return in;
  }
  ExpressionPtr contains = MakeExpression(ExpressionKind::kFunction, left->offset);
  contains->name = {"array_contains"};
  contains->op = "any";
  contains->args.push_back(std::move(array));
  contains->args.push_back(std::move(left));
  if (!all) return contains;
  ExpressionPtr negation = MakeExpression(ExpressionKind::kUnary, contains->offset);
  negation->op = "not";
  negation->args.push_back(std::move(contains));
  return negation;
}

absl::StatusOr<Parser::QueryOrList> Parser::ParseQueryOrList() {
  QueryOrList result;
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  if (IsQueryStart()) {
    VESTO_ASSIGN_OR_RETURN(result.query, ParseQuery());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
    return result;
  }
  VESTO_ASSIGN_OR_RETURN(result.list, ParseExpressionList());
  // "((SELECT 1) UNION SELECT 2)": the inner parentheses held the first operand of a query.
  if (result.list.size() == 1 && result.list[0]->kind == ExpressionKind::kScalarQuery) {
    result.query = std::move(result.list[0]->query);
    result.list.clear();
    if (ContinuesQuery()) {
      VESTO_ASSIGN_OR_RETURN(result.query, ContinueQuery(std::move(result.query)));
    }
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return result;
}

absl::StatusOr<std::vector<ExpressionPtr>> Parser::ParseExpressionList() {
  std::vector<ExpressionPtr> list;
  do {
    VESTO_ASSIGN_OR_RETURN(ExpressionPtr item, ParseExpression());
    list.push_back(std::move(item));
  } while (tokens_.Accept(","_symbol));
  return list;
}

absl::StatusOr<ExpressionPtr> Parser::ParseValueOrDefault() {
  if (tokens_.Is(Keyword::kDefault)) {
    return MakeExpression(ExpressionKind::kDefault, tokens_.Take().offset);
  }
  return ParseExpression();
}

}  // namespace vesto::sql
