#include "base/status_macros.h"
#include "sql/parser/grammar.h"

// What stands in FROM: tables, subqueries, joins, functions, PIVOT and UNPIVOT.
namespace vesto::sql {
namespace {

TableRefPtr MakeTableRef(TableRefKind kind, int offset) {
  auto table = std::make_unique<TableRef>();
  table->kind = kind;
  table->offset = offset;
  return table;
}

}  // namespace

bool Parser::IsJoin() {
  switch (tokens_.Peek().keyword) {
    case Keyword::kJoin:
    case Keyword::kInner:
    case Keyword::kCross:
    case Keyword::kLeft:
    case Keyword::kRight:
    case Keyword::kFull:
    case Keyword::kNatural:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<std::vector<TableRefPtr>> Parser::ParseFromList() {
  std::vector<TableRefPtr> from;
  do {
    VESTO_ASSIGN_OR_RETURN(TableRefPtr table, ParseTableRef());
    from.push_back(std::move(table));
  } while (tokens_.Accept(","_symbol));
  return from;
}

absl::StatusOr<TableRefPtr> Parser::ParseTableRef() {
  VESTO_ASSIGN_OR_RETURN(TableRefPtr first, ParseTableFactor());
  return ParseJoins(std::move(first));
}

// A chain of joins, left-deep. `a JOIN b JOIN c ON .. ON ..` nests to the right: each JOIN waits
// for its condition, and the joins between are its right side.
absl::StatusOr<TableRefPtr> Parser::ParseJoins(TableRefPtr left) {
  const Nesting nesting(this);
  VESTO_RETURN_IF_ERROR(nesting.Check());
  while (IsJoin()) {
    TableRefPtr join = MakeTableRef(TableRefKind::kJoin, left->offset);
    join->natural = tokens_.Accept(Keyword::kNatural);
    join->join = JoinKind::kInner;
    const bool cross = !join->natural && tokens_.Accept(Keyword::kCross);
    if (cross) {
      join->join = JoinKind::kCross;
    } else if (tokens_.Accept(Keyword::kLeft)) {
      join->join = JoinKind::kLeft;
    } else if (tokens_.Accept(Keyword::kRight)) {
      join->join = JoinKind::kRight;
    } else if (tokens_.Accept(Keyword::kFull)) {
      join->join = JoinKind::kFull;
    } else {
      tokens_.Accept(Keyword::kInner);
    }
    const bool outer = join->join == JoinKind::kLeft || join->join == JoinKind::kRight ||
                       join->join == JoinKind::kFull;
    if (outer) tokens_.Accept(Keyword::kOuter);
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kJoin));
    VESTO_ASSIGN_OR_RETURN(join->right, ParseTableFactor());
    if (!cross && !join->natural) {
      if (IsJoin()) {
        VESTO_ASSIGN_OR_RETURN(join->right, ParseJoins(std::move(join->right)));
      }
      if (tokens_.Accept(Keyword::kUsing)) {
        VESTO_ASSIGN_OR_RETURN(join->using_columns, ParseNamesInParentheses());
      } else {
        VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kOn));
        VESTO_ASSIGN_OR_RETURN(join->on, ParseExpression());
      }
    }
    join->left = std::move(left);
    left = std::move(join);
  }
  return left;
}

absl::StatusOr<TableRefPtr> Parser::ParseTableFactor() {
  VESTO_ASSIGN_OR_RETURN(TableRefPtr table, ParseTablePrimary());
  while (true) {
    if (tokens_.Is(Keyword::kPivot)) {
      VESTO_ASSIGN_OR_RETURN(table, ParsePivot(std::move(table)));
    } else if (tokens_.Is(Keyword::kUnpivot)) {
      VESTO_ASSIGN_OR_RETURN(table, ParseUnpivot(std::move(table)));
    } else {
      return table;
    }
  }
}

absl::StatusOr<TableRefPtr> Parser::ParseTablePrimary() {
  if (tokens_.Is("("_symbol)) return ParseTableInParentheses();
  if (tokens_.Is(Keyword::kUnpivot)) return ParseObjectUnpivot();
  if (tokens_.Is(Keyword::kLateral) && (tokens_.Is("("_symbol, 1) || IsName(1))) {
    return NotSupported("LATERAL", tokens_.offset());
  }
  if (tokens_.Is(Keyword::kOnly)) return NotSupported("ONLY", tokens_.offset());
  return ParseNamedTable();
}

absl::StatusOr<TableRefPtr> Parser::ParseTableInParentheses() {
  const Nesting nesting(this);
  VESTO_RETURN_IF_ERROR(nesting.Check());
  const int offset = tokens_.offset();
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  TableRefPtr table;
  if (IsQueryStart()) {
    table = MakeTableRef(TableRefKind::kSubquery, offset);
    VESTO_ASSIGN_OR_RETURN(table->query, ParseQuery());
  } else {
    VESTO_ASSIGN_OR_RETURN(table, ParseTableFactor());
    const bool bare_query = table->kind == TableRefKind::kSubquery && table->alias.empty();
    if (bare_query && ContinuesQuery()) {
      VESTO_ASSIGN_OR_RETURN(table->query, ContinueQuery(std::move(table->query)));
    }
    VESTO_ASSIGN_OR_RETURN(table, ParseJoins(std::move(table)));
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  const bool can_have_alias = table->alias.empty() && (table->kind == TableRefKind::kSubquery ||
                                                       table->kind == TableRefKind::kJoin);
  if (can_have_alias) VESTO_RETURN_IF_ERROR(ParseTableAlias(table.get()));
  return table;
}

absl::StatusOr<TableRefPtr> Parser::ParseNamedTable() {
  TableRefPtr table = MakeTableRef(TableRefKind::kTable, tokens_.offset());
  const bool unnest = tokens_.Is(Keyword::kUnnest);
  if (unnest) {
    tokens_.Take();
    table->name = {"unnest"};
  } else {
    VESTO_ASSIGN_OR_RETURN(table->name, ParseQualifiedName());
  }
  const int offset = table->offset;
  if (tokens_.Is("("_symbol) || unnest) {
    table->kind = TableRefKind::kFunction;
    VESTO_ASSIGN_OR_RETURN(table->function, ParseCall(std::move(table->name), offset, false));
    table->name.clear();
    if (tokens_.Is(Keyword::kWith) && tokens_.Is(Keyword::kOffset, 1)) {
      return NotSupported("UNNEST WITH OFFSET", tokens_.offset());
    }
  } else if (tokens_.Is("["_symbol)) {
    // A path into a SUPER value: FROM t, t.orders[0].lines AS l.
    ExpressionPtr column = MakeExpression(ExpressionKind::kColumn, offset);
    column->name = std::move(table->name);
    table->name.clear();
    table->kind = TableRefKind::kFunction;
    VESTO_ASSIGN_OR_RETURN(table->function, ParseNavigation(std::move(column)));
  } else {
    tokens_.Accept("*"_symbol);
  }
  if (tokens_.Is(Keyword::kTablesample)) {
    return NotSupported("TABLESAMPLE", tokens_.offset());
  }
  VESTO_RETURN_IF_ERROR(ParseTableAlias(table.get()));
  if (tokens_.Is(Keyword::kTablesample)) {
    return NotSupported("TABLESAMPLE", tokens_.offset());
  }
  // FROM t, t.list AS element AT position
  if (tokens_.Is(Keyword::kAt) && IsName(1)) {
    tokens_.Take();
    VESTO_ASSIGN_OR_RETURN(table->value_name, ParseName());
  }
  return table;
}

// UNPIVOT object AS value [AT attribute]: one row for each attribute of a SUPER object.
absl::StatusOr<TableRefPtr> Parser::ParseObjectUnpivot() {
  TableRefPtr table = MakeTableRef(TableRefKind::kUnpivot, tokens_.Take().offset);
  VESTO_ASSIGN_OR_RETURN(table->function, ParsePostfix());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kAs));
  VESTO_ASSIGN_OR_RETURN(table->alias, ParseLabel());
  if (tokens_.Accept(Keyword::kAt)) {
    VESTO_ASSIGN_OR_RETURN(table->value_name, ParseName());
  }
  return table;
}

bool Parser::IsBareTableAlias() {
  if (!IsName()) return false;
  switch (tokens_.Peek().keyword) {
    case Keyword::kSet:  // UPDATE t SET
    case Keyword::kReturning:
    case Keyword::kTablesample:
      return false;
    case Keyword::kStart:
      return !tokens_.Is(Keyword::kWith, 1);
    case Keyword::kConnect:
      return !tokens_.Is(Keyword::kBy, 1);
    case Keyword::kWindow:
      return !(IsName(1) && tokens_.Is(Keyword::kAs, 2));
    case Keyword::kFetch:
      return !tokens_.Is(Keyword::kFirst, 1) && !tokens_.IsWord("next", 1);
    default:
      return true;
  }
}

absl::Status Parser::ParseTableAlias(TableRef* table) {
  if (tokens_.Accept(Keyword::kAs)) {
    VESTO_ASSIGN_OR_RETURN(table->alias, ParseLabel());
  } else if (IsBareTableAlias()) {
    VESTO_ASSIGN_OR_RETURN(table->alias, ParseName());
  } else {
    return absl::OkStatus();
  }
  return tokens_.Is("("_symbol) ? ParseColumnAliases(table) : absl::OkStatus();
}

// (a, b), or after a function (a type, b type): catalog functions know their types themselves.
absl::Status Parser::ParseColumnAliases(TableRef* table) {
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  do {
    VESTO_ASSIGN_OR_RETURN(std::string column, ParseName());
    table->column_aliases.push_back(std::move(column));
    const bool typed = !tokens_.Is(","_symbol) && !tokens_.Is(")"_symbol);
    if (typed && table->kind == TableRefKind::kFunction) {
      VESTO_RETURN_IF_ERROR(ParseTypeName().status());
    }
  } while (tokens_.Accept(","_symbol));
  return tokens_.Expect(")"_symbol);
}

absl::StatusOr<TableRefPtr> Parser::ParsePivot(TableRefPtr left) {
  TableRefPtr pivot = MakeTableRef(TableRefKind::kPivot, tokens_.Take().offset);
  pivot->left = std::move(left);
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  do {
    VESTO_ASSIGN_OR_RETURN(SelectItem aggregate, ParseSelectItem());
    if (aggregate.expression->kind == ExpressionKind::kStar) return tokens_.Unexpected();
    pivot->aggregates.push_back(std::move(aggregate));
  } while (tokens_.Accept(","_symbol));
  VESTO_RETURN_IF_ERROR(ParsePivotValues(pivot.get()));
  return pivot;
}

absl::StatusOr<TableRefPtr> Parser::ParseUnpivot(TableRefPtr left) {
  TableRefPtr unpivot = MakeTableRef(TableRefKind::kUnpivot, tokens_.Take().offset);
  unpivot->left = std::move(left);
  unpivot->include_nulls = tokens_.AcceptWord("include");
  if (unpivot->include_nulls || tokens_.Accept(Keyword::kExclude)) {
    VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kNulls));
  }
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  VESTO_ASSIGN_OR_RETURN(unpivot->value_name, ParseName());
  VESTO_RETURN_IF_ERROR(ParsePivotValues(unpivot.get()));
  return unpivot;
}

// FOR column IN (value [AS name], ...) ")" [AS alias]
absl::Status Parser::ParsePivotValues(TableRef* table) {
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kFor));
  VESTO_ASSIGN_OR_RETURN(table->pivot_column, ParseName());
  VESTO_RETURN_IF_ERROR(tokens_.Expect(Keyword::kIn));
  VESTO_RETURN_IF_ERROR(tokens_.Expect("("_symbol));
  do {
    VESTO_ASSIGN_OR_RETURN(SelectItem value, ParseSelectItem());
    if (value.expression->kind == ExpressionKind::kStar) return tokens_.Unexpected();
    table->values.push_back(std::move(value));
  } while (tokens_.Accept(","_symbol));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  VESTO_RETURN_IF_ERROR(tokens_.Expect(")"_symbol));
  return ParseTableAlias(table);
}

}  // namespace vesto::sql
