#include "base/status_macros.h"
#include "sql/ast/values_rows.h"
#include "sql/parser/grammar.h"

// Queries: WITH, SELECT blocks, VALUES, set operations, ORDER BY and LIMIT.
namespace vesto::sql {
namespace {

absl::Status Twice(std::string_view clause, int offset) {
  return SqlError(SqlState::kSyntaxError,
                  "multiple " + std::string(clause) + " clauses not allowed")
      .At(offset);
}

QueryPtr MakeQuery(Query::Kind kind, int offset) {
  auto query = std::make_unique<Query>();
  query->kind = kind;
  query->offset = offset;
  return query;
}

}  // namespace

bool Parser::IsQueryStart(size_t ahead) {
  return tokens_.Is(Keyword::kSelect, ahead) || tokens_.Is(Keyword::kWith, ahead) ||
         (tokens_.Is(Keyword::kValues, ahead) && tokens_.Is("("_symbol, ahead + 1));
}

bool Parser::ContinuesQuery() {
  switch (tokens_.Peek().keyword) {
    case Keyword::kUnion:
    case Keyword::kIntersect:
    case Keyword::kExcept:
    case Keyword::kMinus:
    case Keyword::kOrder:
    case Keyword::kLimit:
    case Keyword::kOffset:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<QueryPtr> Parser::ParseQuery() {
  const Nesting nesting(this);
  VESTO_RETURN_IF_ERROR(nesting.Check());
  const int offset = tokens_.offset();
  std::optional<With> with;
  if (tokens_.Is(Keyword::kWith)) {
    VESTO_ASSIGN_OR_RETURN(with, ParseWith());
  }
  VESTO_ASSIGN_OR_RETURN(QueryPtr first, ParseQueryOperand());
  VESTO_ASSIGN_OR_RETURN(QueryPtr query, ContinueQuery(std::move(first)));
  if (with.has_value()) {
    if (query->with.has_value()) return Twice("WITH", offset);
    query->with = std::move(with);
    query->offset = offset;
  }
  return query;
}

absl::StatusOr<With> Parser::ParseWith() {
  With with;
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kWith));
  if (tokens_.Is(Keyword::kRecursive) && IsName(1)) {
    tokens_.Take();
    with.recursive = true;
  }
  do {
    CommonTable table;
    table.offset = tokens_.offset();
    VESTO_ASSIGN_OR_RETURN(table.name, ParseName());
    if (tokens_.Is("("_symbol)) {
      VESTO_ASSIGN_OR_RETURN(table.columns, ParseNamesInParentheses());
    }
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAs));
    VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
    VESTO_ASSIGN_OR_RETURN(table.query, ParseQuery());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
    with.tables.push_back(std::move(table));
  } while (tokens_.Accept(","_symbol));
  return with;
}

absl::StatusOr<QueryPtr> Parser::ContinueQuery(QueryPtr first) {
  VESTO_ASSIGN_OR_RETURN(QueryPtr query, ParseSetOperations(std::move(first)));
  VESTO_RETURN_IF_ERROR(ParseQueryTail(query.get()));
  return query;
}

// UNION and EXCEPT, left to right; a run of the same operator is one n-ary node.
absl::StatusOr<QueryPtr> Parser::ParseSetOperations(QueryPtr first) {
  VESTO_ASSIGN_OR_RETURN(QueryPtr left, ParseIntersections(std::move(first)));
  const Query* open = nullptr;
  while (true) {
    const Token token = tokens_.Peek();
    const bool is_union = token.keyword == Keyword::kUnion;
    if (!is_union && token.keyword != Keyword::kExcept && token.keyword != Keyword::kMinus) {
      return left;
    }
    tokens_.Take();
    if (!is_union && tokens_.Is(Keyword::kAll)) return NotSupported("EXCEPT ALL", token.offset);
    const bool all = tokens_.Accept(Keyword::kAll);
    if (!all) tokens_.Accept(Keyword::kDistinct);
    VESTO_ASSIGN_OR_RETURN(QueryPtr operand, ParseQueryOperand());
    VESTO_ASSIGN_OR_RETURN(QueryPtr right, ParseIntersections(std::move(operand)));
    const SetOperator set_operator = is_union ? SetOperator::kUnion : SetOperator::kExcept;
    if (left.get() != open || left->set_operator != set_operator || left->all != all) {
      QueryPtr chain = MakeQuery(Query::Kind::kSetOperation, left->offset);
      chain->set_operator = set_operator;
      chain->all = all;
      chain->inputs.push_back(std::move(left));
      left = std::move(chain);
      open = left.get();
    }
    left->inputs.push_back(std::move(right));
  }
}

absl::StatusOr<QueryPtr> Parser::ParseIntersections(QueryPtr first) {
  if (!tokens_.Is(Keyword::kIntersect)) return first;
  QueryPtr chain = MakeQuery(Query::Kind::kSetOperation, first->offset);
  chain->set_operator = SetOperator::kIntersect;
  chain->inputs.push_back(std::move(first));
  while (tokens_.Is(Keyword::kIntersect)) {
    const int offset = tokens_.Take().offset;
    if (tokens_.Is(Keyword::kAll)) return NotSupported("INTERSECT ALL", offset);
    tokens_.Accept(Keyword::kDistinct);
    VESTO_ASSIGN_OR_RETURN(QueryPtr operand, ParseQueryOperand());
    chain->inputs.push_back(std::move(operand));
  }
  return chain;
}

absl::StatusOr<QueryPtr> Parser::ParseQueryOperand() {
  if (tokens_.Accept("("_symbol)) {
    VESTO_ASSIGN_OR_RETURN(QueryPtr query, ParseQuery());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
    return query;
  }
  if (tokens_.Is(Keyword::kValues)) return ParseValues();
  return ParseSelect();
}

absl::StatusOr<QueryPtr> Parser::ParseValues() {
  QueryPtr query = MakeQuery(Query::Kind::kValues, tokens_.offset());
  query->rows = std::make_unique<ValuesRows>();
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kValues));
  do {
    VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
    do {
      VESTO_ASSIGN_OR_RETURN(ExpressionPtr value, ParseValueOrDefault());
      query->rows->Add(std::move(value));
    } while (tokens_.Accept(","_symbol));
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
    query->rows->EndRow();
  } while (tokens_.Accept(","_symbol));
  return query;
}

absl::StatusOr<QueryPtr> Parser::ParseSelect() {
  const int offset = tokens_.offset();
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kSelect));
  QueryPtr query = MakeQuery(Query::Kind::kSelect, offset);
  query->select = std::make_unique<Select>();
  Select& select = *query->select;
  select.offset = offset;
  // TOP stands before DISTINCT in the manual and after it in the wild.
  for (int i = 0; i < 2; ++i) {
    if (select.top == nullptr && tokens_.Accept(Keyword::kTop)) {
      const bool number = tokens_.Is(TokenKind::kNumber) || tokens_.Is(TokenKind::kParameter);
      if (!number && !tokens_.Is("("_symbol)) return tokens_.Unexpected();
      VESTO_ASSIGN_OR_RETURN(select.top, ParsePrimary());
    }
    if (i == 0 && tokens_.Accept(Keyword::kDistinct)) {
      select.distinct = true;
      if (tokens_.Is(Keyword::kOn)) return NotSupported("SELECT DISTINCT ON", tokens_.offset());
    } else if (i == 0) {
      tokens_.Accept(Keyword::kAll);
    }
  }
  VESTO_RETURN_IF_ERROR(ParseSelectList(&select.items));
  VESTO_RETURN_IF_ERROR(ParseSelectClauses(&select));
  return query;
}

absl::Status Parser::ParseSelectList(std::vector<SelectItem>* items) {
  do {
    VESTO_ASSIGN_OR_RETURN(SelectItem item, ParseSelectItem());
    items->push_back(std::move(item));
  } while (tokens_.Accept(","_symbol));
  return ParseExclude(items);
}

absl::StatusOr<SelectItem> Parser::ParseSelectItem() {
  SelectItem item;
  item.offset = tokens_.offset();
  star_allowed_at_ = item.offset;
  VESTO_ASSIGN_OR_RETURN(item.expression, ParseExpression());
  star_allowed_at_ = -1;
  if (item.expression->kind == ExpressionKind::kStar) return item;
  if (tokens_.Accept(Keyword::kAs)) {
    VESTO_ASSIGN_OR_RETURN(item.alias, ParseLabel());
    return item;
  }
  const bool exclude = tokens_.Is(Keyword::kExclude) && (IsName(1) || tokens_.Is("("_symbol, 1));
  if (IsName() && !tokens_.Is(Keyword::kReturning) && !exclude) {
    VESTO_ASSIGN_OR_RETURN(item.alias, ParseName());
  }
  return item;
}

// EXCLUDE a, b or EXCLUDE (a, b): the columns leave every "*" of the list.
absl::Status Parser::ParseExclude(std::vector<SelectItem>* items) {
  if (!tokens_.Is(Keyword::kExclude)) return absl::OkStatus();
  std::vector<Expression*> stars;
  for (SelectItem& item : *items) {
    if (item.expression->kind == ExpressionKind::kStar) stars.push_back(item.expression.get());
  }
  if (stars.empty()) return tokens_.Unexpected();
  tokens_.Take();
  std::vector<std::string> names;
  if (tokens_.Is("("_symbol)) {
    VESTO_ASSIGN_OR_RETURN(names, ParseNamesInParentheses());
  } else {
    VESTO_ASSIGN_OR_RETURN(names, ParseNameList());
  }
  for (Expression* star : stars) star->excluded = names;
  return absl::OkStatus();
}

absl::Status Parser::ParseSelectClauses(Select* select) {
  if (tokens_.Accept(Keyword::kInto)) {
    select->into_temporary = (tokens_.Is(Keyword::kTemp) || tokens_.Is(Keyword::kTemporary)) &&
                             (IsName(1) || tokens_.Is(Keyword::kTable, 1));
    if (select->into_temporary) tokens_.Take();
    tokens_.Accept(Keyword::kTable);
    VESTO_ASSIGN_OR_RETURN(select->into, ParseQualifiedName());
  }
  if (tokens_.Accept(Keyword::kFrom)) {
    VESTO_ASSIGN_OR_RETURN(select->from, ParseFromList());
  }
  if (tokens_.Accept(Keyword::kWhere)) {
    VESTO_ASSIGN_OR_RETURN(select->where, ParseExpression());
  }
  // START WITH and CONNECT BY come in either order.
  while (true) {
    const bool start = tokens_.Is(Keyword::kStart) && tokens_.Is(Keyword::kWith, 1);
    const bool connect = tokens_.Is(Keyword::kConnect) && tokens_.Is(Keyword::kBy, 1);
    if (!start && !connect) break;
    ExpressionPtr& condition = start ? select->start_with : select->connect_by;
    if (condition != nullptr) return Twice(start ? "START WITH" : "CONNECT BY", tokens_.offset());
    tokens_.Take();
    tokens_.Take();
    const bool outer = std::exchange(in_connect_by_, connect);
    VESTO_ASSIGN_OR_RETURN(condition, ParseExpression());
    in_connect_by_ = outer;
  }
  if (tokens_.Accept(Keyword::kGroup)) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kBy));
    VESTO_ASSIGN_OR_RETURN(select->group_by, ParseGroupBy());
  }
  if (tokens_.Accept(Keyword::kHaving)) {
    VESTO_ASSIGN_OR_RETURN(select->having, ParseExpression());
  }
  if (tokens_.Accept(Keyword::kQualify)) {
    VESTO_ASSIGN_OR_RETURN(select->qualify, ParseExpression());
  }
  if (tokens_.Is(Keyword::kWindow)) return NotSupported("WINDOW clause", tokens_.offset());
  return absl::OkStatus();
}

absl::Status Parser::ParseQueryTail(Query* query) {
  bool has_limit = query->limit != nullptr;
  bool has_offset = query->limit_offset != nullptr;
  if (tokens_.Is(Keyword::kOrder)) {
    if (!query->order_by.empty() || has_limit || has_offset) {
      return Twice("ORDER BY", tokens_.offset());
    }
    tokens_.Take();
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kBy));
    VESTO_ASSIGN_OR_RETURN(query->order_by, ParseOrderList());
  }
  while (true) {
    const Token token = tokens_.Peek();
    if (token.keyword == Keyword::kLimit) {
      if (has_limit) return Twice("LIMIT", token.offset);
      has_limit = true;
      tokens_.Take();
      if (!tokens_.Accept(Keyword::kAll) && !tokens_.Accept(Keyword::kNull)) {
        VESTO_ASSIGN_OR_RETURN(query->limit, ParseExpression());
      }
      if (tokens_.Is(","_symbol)) {
        return NotSupported("LIMIT #,# syntax", tokens_.offset());
      }
    } else if (token.keyword == Keyword::kOffset) {
      if (has_offset) return Twice("OFFSET", token.offset);
      has_offset = true;
      tokens_.Take();
      VESTO_ASSIGN_OR_RETURN(query->limit_offset, ParseExpression());
      if (!tokens_.Accept(Keyword::kRow)) tokens_.Accept(Keyword::kRows);
    } else if (token.keyword == Keyword::kFetch) {
      return NotSupported("FETCH FIRST", token.offset);
    } else if (token.keyword == Keyword::kFor) {
      return NotSupported("SELECT FOR UPDATE/SHARE", token.offset);
    } else {
      return absl::OkStatus();
    }
  }
}

absl::StatusOr<std::vector<OrderItem>> Parser::ParseOrderList() {
  // Of WITHIN GROUP too, where ORDER BY has not been read yet.
  if (tokens_.Accept(Keyword::kOrder)) VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kBy));
  std::vector<OrderItem> items;
  do {
    OrderItem item;
    item.offset = tokens_.offset();
    VESTO_ASSIGN_OR_RETURN(item.expression, ParseExpression());
    if (tokens_.Accept(Keyword::kDesc)) {
      item.descending = true;
    } else if (!tokens_.Accept(Keyword::kAsc) && tokens_.Is(Keyword::kUsing)) {
      return NotSupported("ORDER BY USING", tokens_.offset());
    }
    if (tokens_.Accept(Keyword::kNulls)) {
      item.nulls_first = tokens_.Is(Keyword::kFirst);
      if (!tokens_.Accept(Keyword::kFirst)) VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kLast));
    }
    items.push_back(std::move(item));
  } while (tokens_.Accept(","_symbol));
  return items;
}

absl::StatusOr<std::vector<GroupingElement>> Parser::ParseGroupBy() {
  std::vector<GroupingElement> elements;
  do {
    VESTO_ASSIGN_OR_RETURN(GroupingElement element, ParseGroupingElement());
    elements.push_back(std::move(element));
  } while (tokens_.Accept(","_symbol));
  return elements;
}

absl::StatusOr<GroupingElement> Parser::ParseGroupingElement() {
  const Nesting nesting(this);
  VESTO_RETURN_IF_ERROR(nesting.Check());
  GroupingElement element;
  element.offset = tokens_.offset();
  if (tokens_.Accept(Keyword::kAll)) {
    element.kind = GroupingElement::Kind::kAll;
    return element;
  }
  const bool rollup = tokens_.Is(Keyword::kRollup) && tokens_.Is("("_symbol, 1);
  const bool cube = tokens_.Is(Keyword::kCube) && tokens_.Is("("_symbol, 1);
  const bool sets = tokens_.Is(Keyword::kGrouping) && tokens_.Is(Keyword::kSets, 1);
  if (rollup || cube || sets) {
    element.kind = rollup ? GroupingElement::Kind::kRollup
                   : cube ? GroupingElement::Kind::kCube
                          : GroupingElement::Kind::kGroupingSets;
    tokens_.Take();
    if (sets) tokens_.Take();
    VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
    VESTO_ASSIGN_OR_RETURN(element.elements, ParseGroupBy());
    VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
    return element;
  }
  if (tokens_.Is("("_symbol) && tokens_.Is(")"_symbol, 1)) {
    tokens_.Take();
    tokens_.Take();
    return element;
  }
  VESTO_ASSIGN_OR_RETURN(ExpressionPtr expression, ParseExpression());
  if (expression->kind == ExpressionKind::kRow) {
    element.expressions = std::move(expression->args);
  } else {
    element.expressions.push_back(std::move(expression));
  }
  return element;
}

}  // namespace vesto::sql
