#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// Function calls, aggregates and window functions, and the functions with a syntax of their own.
namespace vesto::sql {

absl::StatusOr<ExpressionPtr> Parser::ParseCall(Name name, int offset, bool approximate) {
  ExpressionPtr call = MakeExpression(ExpressionKind::kFunction, offset);
  call->name = std::move(name);
  call->approximate = approximate;
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  VESTO_RETURN_IF_ERROR(ParseCallArguments(call.get()));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  if (tokens_.Is(Keyword::kWithin) && tokens_.Is(Keyword::kGroup, 1)) {
    tokens_.Take();
    tokens_.Take();
    VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
    VESTO_ASSIGN_OR_RETURN(call->within_group, ParseOrderList());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  }
  if (tokens_.Is(Keyword::kFilter) && tokens_.Is("("_symbol, 1)) {
    return NotSupported("FILTER clause of aggregates", tokens_.offset());
  }
  // Only with OVER behind it: the words after an argument that is a call are those of the call around it.
  const int treatment = tokens_.offset();
  if (tokens_.Is(Keyword::kNulls, 1) && tokens_.Is(Keyword::kOver, 2)) {
    VESTO_RETURN_IF_ERROR(ParseNullTreatment(call.get()));
  }
  if (tokens_.Is(Keyword::kOver)) {
    if (tokens_.Is("("_symbol, 1)) {
      tokens_.Take();
      VESTO_ASSIGN_OR_RETURN(call->over, ParseWindow());
    } else if (IsName(1)) {
      return NotSupported("WINDOW clause", tokens_.offset());
    }
  }
  if (call->ignore_nulls && call->over == nullptr) {
    return SqlError(SqlState::kSyntaxError, "IGNORE NULLS requires an OVER clause").At(treatment);
  }
  return call;
}

absl::Status Parser::ParseCallArguments(Expression* call) {
  if (tokens_.Is(")"_symbol)) return absl::OkStatus();
  if (tokens_.Is("*"_symbol) && tokens_.Is(")"_symbol, 1)) {
    tokens_.Take();
    call->star = true;
    return absl::OkStatus();
  }
  if (tokens_.Accept(Keyword::kDistinct)) {
    call->distinct = true;
  } else {
    tokens_.Accept(Keyword::kAll);
  }
  // COALESCE takes a query in its own parentheses; f(SELECT) is not Redshift's.
  VESTO_ASSIGN_OR_RETURN(call->args, ParseExpressionList());
  if (tokens_.Is(Keyword::kOrder)) {
    // array_agg(x ORDER BY y), as clients ask the catalog: the order of WITHIN GROUP.
    if (call->name.back() != "array_agg") {
      return NotSupported("ORDER BY inside the arguments of an aggregate", tokens_.offset());
    }
    VESTO_ASSIGN_OR_RETURN(call->within_group, ParseOrderList());
  }
  return ParseNullTreatment(call);
}

absl::Status Parser::ParseNullTreatment(Expression* call) {
  const bool ignore = tokens_.Is(Keyword::kIgnore);
  if (!ignore && !tokens_.Is(Keyword::kRespect)) return absl::OkStatus();
  tokens_.Take();
  call->ignore_nulls = ignore;
  return tokens_.Expect(Keyword::kNulls);
}

absl::StatusOr<std::unique_ptr<WindowSpec>> Parser::ParseWindow() {
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  auto window = std::make_unique<WindowSpec>();
  if (tokens_.Accept(Keyword::kPartition)) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kBy));
    VESTO_ASSIGN_OR_RETURN(window->partition_by, ParseExpressionList());
  }
  if (tokens_.Accept(Keyword::kOrder)) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kBy));
    VESTO_ASSIGN_OR_RETURN(window->order_by, ParseOrderList());
  }
  if (tokens_.Is(Keyword::kRows) || tokens_.Is(Keyword::kRange)) {
    VESTO_ASSIGN_OR_RETURN(window->frame, ParseFrame());
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return window;
}

absl::StatusOr<WindowFrame> Parser::ParseFrame() {
  WindowFrame frame;
  frame.offset = tokens_.offset();
  frame.rows = tokens_.Take().keyword == Keyword::kRows;
  const bool between = tokens_.Accept(Keyword::kBetween);
  VESTO_ASSIGN_OR_RETURN(auto start, ParseFrameBound());
  frame.start = start.first;
  frame.start_offset = std::move(start.second);
  if (between) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAnd));
    VESTO_ASSIGN_OR_RETURN(auto end, ParseFrameBound());
    frame.end = end.first;
    frame.end_offset = std::move(end.second);
  }
  return frame;
}

absl::StatusOr<std::pair<FrameBound, ExpressionPtr>> Parser::ParseFrameBound() {
  std::pair<FrameBound, ExpressionPtr> bound;
  if (tokens_.AcceptWords("current", "row")) {
    bound.first = FrameBound::kCurrentRow;
    return bound;
  }
  const bool unbounded = tokens_.Accept(Keyword::kUnbounded);
  if (!unbounded) {
    VESTO_ASSIGN_OR_RETURN(bound.second, ParseOperators(Precedence::kConcat));
  }
  if (tokens_.Accept(Keyword::kPreceding)) {
    bound.first = unbounded ? FrameBound::kUnboundedPreceding : FrameBound::kPreceding;
  } else {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFollowing));
    bound.first = unbounded ? FrameBound::kUnboundedFollowing : FrameBound::kFollowing;
  }
  return bound;
}

absl::StatusOr<ExpressionPtr> Parser::ParseSpecialCall() {
  const Token token = tokens_.Peek();
  switch (token.keyword) {
    case Keyword::kTryCast:
      tokens_.Take();
      return ParseCast(/*try_cast=*/true);
    case Keyword::kConvert:
      return ParseConvert();
    case Keyword::kExtract:
      return ParseExtract();
    case Keyword::kPosition:
      return ParsePosition();
    case Keyword::kSubstring:
      return ParseSubstring();
    case Keyword::kTrim:
      return ParseTrim();
    case Keyword::kExists: {
      tokens_.Take();
      const Token inside = tokens_.Peek(1);
      VESTO_ASSIGN_OR_RETURN(QueryOrList operand, ParseQueryOrList());
      if (operand.query == nullptr) {
        return SqlError(SqlState::kSyntaxError, "EXISTS takes a query").At(inside.offset);
      }
      ExpressionPtr exists = MakeExpression(ExpressionKind::kExists, token.offset);
      exists->query = std::move(operand.query);
      return exists;
    }
    case Keyword::kRow: {
      tokens_.Take();
      tokens_.Take();
      ExpressionPtr row = MakeExpression(ExpressionKind::kRow, token.offset);
      VESTO_ASSIGN_OR_RETURN(row->args, ParseExpressionList());
      VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
      return row;
    }
    default:
      return ExpressionPtr();
  }
}

// "(" a AS type ")"
absl::StatusOr<ExpressionPtr> Parser::ParseCast(bool try_cast) {
  ExpressionPtr cast = MakeExpression(ExpressionKind::kCast, tokens_.offset());
  cast->try_cast = try_cast;
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr operand, ParseExpression());
  cast->args.push_back(std::move(operand));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAs));
  VESTO_ASSIGN_OR_RETURN(cast->type, ParseTypeName());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return cast;
}

absl::StatusOr<ExpressionPtr> Parser::ParseConvert() {
  ExpressionPtr cast = MakeExpression(ExpressionKind::kCast, tokens_.Take().offset);
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  VESTO_ASSIGN_OR_RETURN(cast->type, ParseTypeName());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(","_symbol));
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr operand, ParseExpression());
  cast->args.push_back(std::move(operand));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return cast;
}

absl::StatusOr<ExpressionPtr> Parser::ParseExtract() {
  ExpressionPtr extract = MakeExpression(ExpressionKind::kExtract, tokens_.Take().offset);
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  if (tokens_.Is(TokenKind::kString)) {
    VESTO_ASSIGN_OR_RETURN(extract->text, ParseStringLiteral());
  } else {
    VESTO_ASSIGN_OR_RETURN(extract->text, ParseLabel());
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFrom));
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr operand, ParseExpression());
  extract->args.push_back(std::move(operand));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return extract;
}

// POSITION(part IN whole): the function "position" with the arguments in this order.
absl::StatusOr<ExpressionPtr> Parser::ParsePosition() {
  ExpressionPtr call = MakeExpression(ExpressionKind::kFunction, tokens_.Take().offset);
  call->name = {"position"};
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr part, ParseOperators(Above(Precedence::kPredicate)));
  if (!tokens_.Accept(Keyword::kIn)) VESTO_RETURN_IF_ERROR(tokens_.Expect(","_symbol));
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr whole, ParseOperators(Above(Precedence::kPredicate)));
  call->args.push_back(std::move(part));
  call->args.push_back(std::move(whole));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return call;
}

absl::StatusOr<ExpressionPtr> Parser::ParseSubstring() {
  const int offset = tokens_.Take().offset;
  ExpressionPtr call = MakeExpression(ExpressionKind::kFunction, offset);
  call->name = {"substring"};
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  VESTO_ASSIGN_OR_RETURN(call->args, ParseExpressionList());
  if (call->args.size() == 1) {
    const bool has_start = tokens_.Accept(Keyword::kFrom);
    if (has_start) {
      VESTO_ASSIGN_OR_RETURN(ExpressionPtr start, ParseExpression());
      call->args.push_back(std::move(start));
    }
    if (tokens_.Accept(Keyword::kFor)) {
      if (!has_start) {
        ExpressionPtr one = MakeExpression(ExpressionKind::kNumber, offset);
        one->text = "1";
        call->args.push_back(std::move(one));
      }
      VESTO_ASSIGN_OR_RETURN(ExpressionPtr length, ParseExpression());
      call->args.push_back(std::move(length));
    }
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return call;
}

// TRIM([BOTH|LEADING|TRAILING] [characters] [FROM] text) is BTRIM, LTRIM or RTRIM(text,
// characters).
absl::StatusOr<ExpressionPtr> Parser::ParseTrim() {
  ExpressionPtr call = MakeExpression(ExpressionKind::kFunction, tokens_.Take().offset);
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  call->name = {"btrim"};
  if (tokens_.Accept(Keyword::kLeading)) {
    call->name = {"ltrim"};
  } else if (tokens_.Accept(Keyword::kTrailing)) {
    call->name = {"rtrim"};
  } else {
    tokens_.Accept(Keyword::kBoth);
  }
  if (!tokens_.Is(Keyword::kFrom)) {
    VESTO_ASSIGN_OR_RETURN(call->args, ParseExpressionList());
  }
  if (call->args.size() <= 1 && tokens_.Accept(Keyword::kFrom)) {
    VESTO_ASSIGN_OR_RETURN(ExpressionPtr whole, ParseExpression());
    call->args.insert(call->args.begin(), std::move(whole));
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return call;
}

}  // namespace vesto::sql
