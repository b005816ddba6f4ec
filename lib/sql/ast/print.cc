#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sql/ast/query.h"
#include "sql/ast/values_rows.h"
#include "sql/keyword.h"
#include "sql/parser/precedence.h"

// Trees back to SQL text. Nodes unfold into parts on a stack of our own, so depth costs no call
// stack. Parentheses appear only where the parser's precedence needs them, and every text printed
// here parses to the same tree.
namespace vesto::sql {
namespace {

// Stronger than every operator: literals, names, calls, parentheses.
constexpr Precedence kPrimary = Above(Precedence::kPostfix);

bool IsPlainIdentifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9') || name[0] == '$') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// Free words that are more than names where an operand may stand.
bool IsAmbiguousName(Keyword keyword) {
  return keyword == Keyword::kPrior || keyword == Keyword::kValues ||
         keyword == Keyword::kUnbounded;
}

// Free words with a call syntax of their own: as plain function names they need quotes.
bool IsSpecialCall(Keyword keyword) {
  switch (keyword) {
    case Keyword::kConvert:
    case Keyword::kCube:
    case Keyword::kExists:
    case Keyword::kExtract:
    case Keyword::kLateral:
    case Keyword::kPosition:
    case Keyword::kPrior:
    case Keyword::kRollup:
    case Keyword::kRow:
    case Keyword::kSubstring:
    case Keyword::kTrim:
    case Keyword::kTryCast:
    case Keyword::kValues:
      return true;
    default:
      return false;
  }
}

// Reserved words that the grammar takes as function names: see IsCallable in parser/primary.cc.
bool IsCallableReserved(Keyword keyword) {
  switch (keyword) {
    case Keyword::kLeft:
    case Keyword::kRight:
    case Keyword::kArray:
    case Keyword::kCollate:
    case Keyword::kIdentity:
    case Keyword::kUnnest:
    case Keyword::kCurrentTime:
    case Keyword::kCurrentTimestamp:
    case Keyword::kLocaltime:
    case Keyword::kLocaltimestamp:
      return true;
    default:
      return false;
  }
}

bool IsMultiWordType(std::string_view name) {
  static constexpr std::string_view kTypes[] = {
      "bit varying",
      "binary varying",
      "char varying",
      "character varying",
      "double precision",
      "nchar varying",
      "interval",
      "national char",
      "national char varying",
      "national character",
      "national character varying",
      "time with time zone",
      "time without time zone",
      "timestamp",
      "timestamp with time zone",
      "timestamp without time zone",
  };
  return std::find(std::begin(kTypes), std::end(kTypes), name) != std::end(kTypes);
}

Precedence BinaryLevel(std::string_view op) {
  if (op == "||") return Precedence::kConcat;
  if (op == "+" || op == "-") return Precedence::kSum;
  if (op == "*" || op == "/" || op == "%") return Precedence::kProduct;
  if (op == "^") return Precedence::kPower;
  if (op == "&" || op == "|" || op == "#" || op == "<<" || op == ">>") return Precedence::kBits;
  if (op.find('~') != std::string_view::npos) return Precedence::kPredicate;
  return Precedence::kComparison;
}

Precedence UnaryLevel(std::string_view op) {
  if (op == "not") return Precedence::kNot;
  if (op == "@") return Precedence::kAbsolute;
  if (op == "~") return Precedence::kBits;
  if (op == "|/" || op == "||/") return Precedence::kPower;
  return Precedence::kSign;
}

Precedence LevelOf(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kUnary:
      return UnaryLevel(e.op);
    case ExpressionKind::kBinary:
      return BinaryLevel(e.op);
    case ExpressionKind::kAnd:
      return Precedence::kAnd;
    case ExpressionKind::kOr:
      return Precedence::kOr;
    case ExpressionKind::kIsNull:
    case ExpressionKind::kIsBoolean:
    case ExpressionKind::kIsDistinctFrom:
      return Precedence::kIs;
    case ExpressionKind::kBetween:
    case ExpressionKind::kLike:
    case ExpressionKind::kInList:
    case ExpressionKind::kInQuery:
      return Precedence::kPredicate;
    case ExpressionKind::kQuantified:
      return Precedence::kComparison;
    case ExpressionKind::kCast:
      return e.try_cast ? kPrimary : Precedence::kPostfix;
    case ExpressionKind::kSubscript:
      return Precedence::kPostfix;
    case ExpressionKind::kAtTimeZone:
      return Precedence::kTimeZone;
    case ExpressionKind::kPrior:
      return Precedence::kSign;
    case ExpressionKind::kNull:
    case ExpressionKind::kBoolean:
    case ExpressionKind::kNumber:
    case ExpressionKind::kString:
    case ExpressionKind::kTypedString:
    case ExpressionKind::kParameter:
    case ExpressionKind::kColumn:
    case ExpressionKind::kStar:
    case ExpressionKind::kExists:
    case ExpressionKind::kScalarQuery:
    case ExpressionKind::kArrayQuery:
    case ExpressionKind::kArray:
    case ExpressionKind::kRow:
    case ExpressionKind::kCase:
    case ExpressionKind::kFunction:
    case ExpressionKind::kExtract:
    case ExpressionKind::kDefault:
    case ExpressionKind::kOuterJoinMark:
      return kPrimary;
  }
  return kPrimary;
}

class Printer {
 public:
  std::string Print(const Expression& expression) {
    Show(expression, Precedence::kOr);
    return Finish();
  }
  std::string Print(const Query& query) {
    Show(query);
    return Finish();
  }

 private:
  // Something still to be written. Texts and nodes belong to the tree or are literals.
  struct Part {
    enum class Kind : uint8_t { kText, kIdentifier, kLabel, kLiteral, kExpression, kQuery, kTable };
    Kind kind;
    Precedence lowest = Precedence::kOr;
    std::string_view text;
    const void* node = nullptr;
  };

  // The Show and Text functions write at once while nothing waits before them, else they queue.
  void Text(std::string_view text) { Emit({Part::Kind::kText, Precedence::kOr, text}); }
  void Identifier(std::string_view name) { Emit({Part::Kind::kIdentifier, Precedence::kOr, name}); }
  void Label(std::string_view name) { Emit({Part::Kind::kLabel, Precedence::kOr, name}); }
  void Literal(std::string_view text) { Emit({Part::Kind::kLiteral, Precedence::kOr, text}); }
  void Show(const Expression& e, Precedence lowest) {
    Emit({Part::Kind::kExpression, lowest, {}, &e});
  }
  void Show(const Query& query) { Emit({Part::Kind::kQuery, Precedence::kOr, {}, &query}); }
  void Show(const TableRef& table) { Emit({Part::Kind::kTable, Precedence::kOr, {}, &table}); }

  void Emit(Part part) {
    const bool waits = !pending_.empty() || (part.node != nullptr && !IsLeaf(part));
    if (waits) {
      pending_.push_back(part);
    } else {
      Write(part);
    }
  }

  // Literals and names need no unfolding.
  static bool IsLeaf(const Part& part) {
    if (part.kind != Part::Kind::kExpression) return false;
    switch (static_cast<const Expression*>(part.node)->kind) {
      case ExpressionKind::kNull:
      case ExpressionKind::kBoolean:
      case ExpressionKind::kNumber:
      case ExpressionKind::kString:
      case ExpressionKind::kParameter:
      case ExpressionKind::kColumn:
      case ExpressionKind::kDefault:
        return true;
      default:
        return false;
    }
  }

  std::string Finish() {
    while (true) {
      while (!pending_.empty()) {
        stack_.push_back(pending_.back());
        pending_.pop_back();
      }
      if (stack_.empty()) return std::move(out_);
      const Part part = stack_.back();
      stack_.pop_back();
      Write(part);
    }
  }

  void Write(const Part& part) {
    switch (part.kind) {
      case Part::Kind::kText:
        out_.append(part.text);
        return;
      case Part::Kind::kIdentifier:
        WriteIdentifier(part.text);
        return;
      case Part::Kind::kLabel:
        WriteLabel(part.text);
        return;
      case Part::Kind::kLiteral:
        WriteLiteral(part.text);
        return;
      case Part::Kind::kExpression: {
        const auto& e = *static_cast<const Expression*>(part.node);
        const bool parentheses = LevelOf(e) < part.lowest;
        if (parentheses) Text("(");
        Unfold(e);
        if (parentheses) Text(")");
        return;
      }
      case Part::Kind::kQuery:
        Unfold(*static_cast<const Query*>(part.node));
        return;
      case Part::Kind::kTable:
        Unfold(*static_cast<const TableRef*>(part.node));
        return;
    }
  }

  void WriteQuoted(std::string_view name) {
    out_.push_back('"');
    for (char c : name) {
      if (c == '"') out_.push_back('"');
      out_.push_back(c);
    }
    out_.push_back('"');
  }
  void WriteIdentifier(std::string_view name) {
    const Keyword keyword = FindKeyword(name);
    if (IsPlainIdentifier(name) && !IsReserved(keyword) && !IsAmbiguousName(keyword)) {
      out_.append(name);
    } else {
      WriteQuoted(name);
    }
  }
  // Without the fear of free words: after AS and after a point.
  void WriteLabel(std::string_view name) {
    if (IsPlainIdentifier(name) && !IsReserved(FindKeyword(name))) {
      out_.append(name);
    } else {
      WriteQuoted(name);
    }
  }
  void WriteLiteral(std::string_view text) {
    out_.push_back('\'');
    for (char c : text) {
      if (c == '\'' || c == '\\') out_.push_back(c);
      out_.push_back(c);
    }
    out_.push_back('\'');
  }

  void Show(const Name& name) {
    for (size_t i = 0; i < name.size(); ++i) {
      if (i > 0) Text(".");
      if (i == 0) {
        Identifier(name[i]);
      } else {
        Label(name[i]);
      }
    }
  }
  void ShowNames(const std::vector<std::string>& names) {
    Text("(");
    for (size_t i = 0; i < names.size(); ++i) {
      if (i > 0) Text(", ");
      Identifier(names[i]);
    }
    Text(")");
  }
  void ShowList(const std::vector<ExpressionPtr>& list, size_t first = 0) {
    for (size_t i = first; i < list.size(); ++i) {
      if (i > first) Text(", ");
      Show(*list[i], Precedence::kOr);
    }
  }
  void ShowInParentheses(const Query& query) {
    Text("(");
    Show(query);
    Text(")");
  }

  // Numbers are short: they are written through a pool that outlives the queue.
  void ShowNumber(int number) {
    static constexpr std::string_view kDigits = "0123456789";
    if (number < 0) {
      Text("MAX");
      return;
    }
    if (number >= 10) ShowNumber(number / 10);
    Text(kDigits.substr(number % 10, 1));
  }

  void Show(const TypeName& type) {
    // Arrays, and PostgreSQL's "char", whose quotes are part of its name.
    const bool array = type.name.ends_with("[]");
    const std::string_view name =
        std::string_view(type.name).substr(0, type.name.size() - (array ? 2 : 0));
    if (name == "\"char\"") {
      Text(type.name);
      return;
    }
    // The precision stands behind the first word: timestamp(3) with time zone.
    size_t split = name.size();
    if (name.starts_with("time")) split = std::min(name.find(' '), name.size());
    const bool known = IsMultiWordType(name);
    if (known) {
      Text(name.substr(0, split));
    } else {
      Identifier(name);
    }
    const bool interval = name == "interval";
    if (!interval) ShowModifiers(type);
    if (known) Text(name.substr(split));
    if (interval) ShowQualifier(type);
    if (array) Text("[]");
  }
  void ShowModifiers(const TypeName& type) {
    if (type.modifiers.empty()) return;
    Text("(");
    for (size_t i = 0; i < type.modifiers.size(); ++i) {
      if (i > 0) Text(", ");
      ShowNumber(type.modifiers[i]);
    }
    Text(")");
  }
  void ShowQualifier(const TypeName& type) {
    if (type.interval_qualifier.empty()) {
      ShowModifiers(type);
      return;
    }
    Text(" ");
    Text(type.interval_qualifier);
    ShowModifiers(type);
  }

  void Show(const std::vector<OrderItem>& items) {
    Text("ORDER BY ");
    for (size_t i = 0; i < items.size(); ++i) {
      if (i > 0) Text(", ");
      Show(*items[i].expression, Precedence::kOr);
      if (items[i].descending) Text(" DESC");
      if (items[i].nulls_first.has_value()) {
        Text(*items[i].nulls_first ? " NULLS FIRST" : " NULLS LAST");
      }
    }
  }

  void Unfold(const Expression& e);
  void UnfoldPrefix(const Expression& e);
  void UnfoldCall(const Expression& e, bool in_from);
  void UnfoldCase(const Expression& e);
  void UnfoldCast(const Expression& e);
  void UnfoldSubscript(const Expression& e);
  void Show(const WindowSpec& window);
  void ShowBound(FrameBound bound, const ExpressionPtr& offset);

  void Unfold(const Query& query);
  void Unfold(const Select& select);
  void ShowRow(const ValuesRows& rows, size_t row);
  void ShowItems(const std::vector<SelectItem>& items);
  void ShowInput(const Query& query, size_t index);
  void Show(const With& with);
  void Show(const std::vector<GroupingElement>& elements);
  void Show(const GroupingElement& element);
  void Unfold(const TableRef& table);
  void ShowJoin(const TableRef& join);
  void ShowPivotInput(const TableRef& table);
  void ShowPivotValues(const TableRef& table);
  void ShowAlias(const TableRef& table);

  std::string out_;
  std::vector<Part> stack_;    // last = next to be written
  std::vector<Part> pending_;  // what the node being unfolded has queued, first = next
};

void Printer::Unfold(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kNull:
      return Text("NULL");
    case ExpressionKind::kBoolean:
      return Text(e.boolean ? "TRUE" : "FALSE");
    case ExpressionKind::kNumber:
      return Text(e.text);
    case ExpressionKind::kString:
      return Literal(e.text);
    case ExpressionKind::kDefault:
      return Text("DEFAULT");
    case ExpressionKind::kColumn:
      return Show(e.name);
    case ExpressionKind::kParameter:
      Text("$");
      return ShowNumber(e.index);
    case ExpressionKind::kTypedString:
      if (e.type.name == "interval") {
        const bool qualified = !e.type.interval_qualifier.empty();
        Text("INTERVAL");
        if (!qualified) ShowModifiers(e.type);
        Text(" ");
        Literal(e.text);
        if (qualified) ShowQualifier(e.type);
        return;
      }
      Show(e.type);
      Text(" ");
      return Literal(e.text);
    case ExpressionKind::kStar:
      if (!e.name.empty()) {
        Show(e.name);
        Text(".");
      }
      return Text("*");
    case ExpressionKind::kUnary:
    case ExpressionKind::kPrior:
      return UnfoldPrefix(e);
    case ExpressionKind::kBinary: {
      const Precedence level = BinaryLevel(e.op);
      Show(*e.args[0], level);
      Text(" ");
      Text(e.op);
      Text(" ");
      return Show(*e.args[1], Above(level));
    }
    case ExpressionKind::kAnd:
    case ExpressionKind::kOr: {
      const bool is_and = e.kind == ExpressionKind::kAnd;
      for (size_t i = 0; i < e.args.size(); ++i) {
        if (i > 0) Text(is_and ? " AND " : " OR ");
        Show(*e.args[i], is_and ? Precedence::kNot : Precedence::kAnd);
      }
      return;
    }
    case ExpressionKind::kIsNull:
      Show(*e.args[0], Precedence::kIs);
      return Text(e.negated ? " IS NOT NULL" : " IS NULL");
    case ExpressionKind::kIsBoolean:
      Show(*e.args[0], Precedence::kIs);
      Text(e.negated ? " IS NOT " : " IS ");
      return Text(e.op);
    case ExpressionKind::kIsDistinctFrom:
      Show(*e.args[0], Precedence::kIs);
      Text(e.negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ");
      return Show(*e.args[1], Above(Precedence::kIs));
    case ExpressionKind::kBetween:
      Show(*e.args[0], Precedence::kPredicate);
      Text(e.negated ? " NOT BETWEEN " : " BETWEEN ");
      Show(*e.args[1], Above(Precedence::kPredicate));
      Text(" AND ");
      return Show(*e.args[2], Above(Precedence::kPredicate));
    case ExpressionKind::kLike:
      Show(*e.args[0], Precedence::kPredicate);
      Text(e.negated ? " NOT " : " ");
      Text(e.op == "similar to" ? "SIMILAR TO" : e.op == "ilike" ? "ILIKE" : "LIKE");
      Text(" ");
      Show(*e.args[1], Above(Precedence::kPredicate));
      if (e.args.size() > 2) {
        Text(" ESCAPE ");
        Show(*e.args[2], Above(Precedence::kPredicate));
      }
      return;
    case ExpressionKind::kInList:
      Show(*e.args[0], Precedence::kPredicate);
      Text(e.negated ? " NOT IN (" : " IN (");
      ShowList(e.args, 1);
      return Text(")");
    case ExpressionKind::kInQuery:
      Show(*e.args[0], Precedence::kPredicate);
      Text(e.negated ? " NOT IN " : " IN ");
      return ShowInParentheses(*e.query);
    case ExpressionKind::kExists:
      Text("EXISTS ");
      return ShowInParentheses(*e.query);
    case ExpressionKind::kQuantified:
      Show(*e.args[0], Precedence::kComparison);
      Text(" ");
      Text(e.op);
      Text(e.quantifier == "all" ? " ALL " : " ANY ");
      return ShowInParentheses(*e.query);
    case ExpressionKind::kArrayQuery:
      Text("ARRAY");
      return ShowInParentheses(*e.query);
    case ExpressionKind::kScalarQuery:
      return ShowInParentheses(*e.query);
    case ExpressionKind::kArray:
      Text("ARRAY[");
      ShowList(e.args);
      return Text("]");
    case ExpressionKind::kRow:
      Text(e.args.size() == 1 ? "ROW(" : "(");
      ShowList(e.args);
      return Text(")");
    case ExpressionKind::kCase:
      return UnfoldCase(e);
    case ExpressionKind::kCast:
      return UnfoldCast(e);
    case ExpressionKind::kFunction:
      return UnfoldCall(e, /*in_from=*/false);
    case ExpressionKind::kExtract:
      Text("EXTRACT(");
      if (IsPlainIdentifier(e.text)) {
        Text(e.text);
      } else {
        Literal(e.text);
      }
      Text(" FROM ");
      Show(*e.args[0], Precedence::kOr);
      return Text(")");
    case ExpressionKind::kAtTimeZone:
      Show(*e.args[0], Precedence::kTimeZone);
      Text(" AT TIME ZONE ");
      return Show(*e.args[1], Above(Precedence::kTimeZone));
    case ExpressionKind::kSubscript:
      return UnfoldSubscript(e);
    case ExpressionKind::kOuterJoinMark: {
      // A column with a call syntax of its own would be taken for the call.
      const Name& name = e.args[0]->name;
      const bool special = name.size() == 1 && IsSpecialCall(FindKeyword(name[0]));
      if (special) Text("\"");
      if (special) Text(name[0]);
      if (special) Text("\"");
      if (!special) Show(name);
      return Text(" (+)");
    }
  }
}

// Operators before their operand. One of the same or a stronger level follows without parentheses,
// so that a long run of signs does not become a deep nest of parentheses.
void Printer::UnfoldPrefix(const Expression& e) {
  const Expression& operand = *e.args[0];
  if (e.kind == ExpressionKind::kPrior) {
    const bool column = operand.kind == ExpressionKind::kColumn;
    Text(column ? "PRIOR " : "PRIOR (");
    Show(operand, Precedence::kOr);
    if (!column) Text(")");
    return;
  }
  const Precedence level = UnaryLevel(e.op);
  const bool prefix = operand.kind == ExpressionKind::kUnary && UnaryLevel(operand.op) >= level;
  Text(e.op == "not" ? std::string_view("NOT") : std::string_view(e.op));
  if (level != Precedence::kSign || operand.kind == ExpressionKind::kUnary) Text(" ");
  Show(operand, prefix ? level : Above(level));
}

void Printer::UnfoldCase(const Expression& e) {
  Text("CASE");
  if (!e.args.empty() && e.args[0] != nullptr) {
    Text(" ");
    Show(*e.args[0], Precedence::kOr);
  }
  for (const CaseBranch& branch : e.branches) {
    Text(" WHEN ");
    Show(*branch.when, Precedence::kOr);
    Text(" THEN ");
    Show(*branch.then, Precedence::kOr);
  }
  if (e.otherwise != nullptr) {
    Text(" ELSE ");
    Show(*e.otherwise, Precedence::kOr);
  }
  Text(" END");
}

void Printer::UnfoldCast(const Expression& e) {
  if (e.try_cast) {
    Text("TRY_CAST(");
    Show(*e.args[0], Precedence::kOr);
    Text(" AS ");
    Show(e.type);
    Text(")");
    return;
  }
  Show(*e.args[0], Precedence::kPostfix);
  Text("::");
  Show(e.type);
}

void Printer::UnfoldSubscript(const Expression& e) {
  const Expression& base = *e.args[0];
  if (e.args.size() > 1) {
    Show(base, Precedence::kPostfix);
    Text("[");
    Show(*e.args[1], Precedence::kOr);
    return Text("]");
  }
  // Without parentheses the point would belong to the column's or type's name.
  const bool name = base.kind == ExpressionKind::kColumn || base.kind == ExpressionKind::kCast;
  if (name) Text("(");
  Show(base, name ? Precedence::kOr : Precedence::kPostfix);
  Text(name ? ")." : ".");
  Label(e.text);
}

void Printer::UnfoldCall(const Expression& e, bool in_from) {
  const Keyword keyword = e.name.size() == 1 ? FindKeyword(e.name[0]) : Keyword::kNone;
  if (e.no_parentheses) return Text(KeywordText(keyword));
  const bool plain = !e.distinct && !e.star && !e.ignore_nulls && !e.approximate &&
                     e.over == nullptr && e.within_group.empty();
  if (keyword == Keyword::kPosition && plain && e.args.size() == 2 && !in_from) {
    Text("position(");
    Show(*e.args[0], Above(Precedence::kPredicate));
    Text(" IN ");
    Show(*e.args[1], Above(Precedence::kPredicate));
    return Text(")");
  }
  const bool spelled_plainly =
      (keyword == Keyword::kSubstring && plain && !e.args.empty() && !in_from) ||
      (IsCallableReserved(keyword) && !e.approximate && !in_from) || keyword == Keyword::kUnnest;
  if (e.approximate) Text("APPROXIMATE ");
  if (spelled_plainly) {
    Text(e.name[0]);
  } else if (IsSpecialCall(keyword)) {
    Text("\"");
    Text(e.name[0]);
    Text("\"");
  } else {
    Show(e.name);
  }
  Text("(");
  if (e.distinct) Text("DISTINCT ");
  if (e.star) Text("*");
  ShowList(e.args);
  Text(")");
  if (!e.within_group.empty()) {
    Text(" WITHIN GROUP (");
    Show(e.within_group);
    Text(")");
  }
  if (e.ignore_nulls) Text(" IGNORE NULLS");
  if (e.over != nullptr) Show(*e.over);
}

void Printer::Show(const WindowSpec& window) {
  Text(" OVER (");
  std::string_view blank;
  if (!window.partition_by.empty()) {
    Text("PARTITION BY ");
    ShowList(window.partition_by);
    blank = " ";
  }
  if (!window.order_by.empty()) {
    Text(blank);
    Show(window.order_by);
    blank = " ";
  }
  if (window.frame.has_value()) {
    Text(blank);
    Text(window.frame->rows ? "ROWS BETWEEN " : "RANGE BETWEEN ");
    ShowBound(window.frame->start, window.frame->start_offset);
    Text(" AND ");
    ShowBound(window.frame->end, window.frame->end_offset);
  }
  Text(")");
}

void Printer::ShowBound(FrameBound bound, const ExpressionPtr& offset) {
  if (offset != nullptr) Show(*offset, Precedence::kConcat);
  switch (bound) {
    case FrameBound::kUnboundedPreceding:
      return Text("UNBOUNDED PRECEDING");
    case FrameBound::kPreceding:
      return Text(" PRECEDING");
    case FrameBound::kCurrentRow:
      return Text("CURRENT ROW");
    case FrameBound::kFollowing:
      return Text(" FOLLOWING");
    case FrameBound::kUnboundedFollowing:
      return Text("UNBOUNDED FOLLOWING");
  }
}

void Printer::Show(const With& with) {
  Text(with.recursive ? "WITH RECURSIVE " : "WITH ");
  for (size_t i = 0; i < with.tables.size(); ++i) {
    const CommonTable& table = with.tables[i];
    if (i > 0) Text(", ");
    Identifier(table.name);
    if (!table.columns.empty()) {
      Text(" ");
      ShowNames(table.columns);
    }
    Text(" AS ");
    ShowInParentheses(*table.query);
  }
  Text(" ");
}

void Printer::Unfold(const Query& query) {
  if (query.with.has_value()) Show(*query.with);
  switch (query.kind) {
    case Query::Kind::kSelect:
      Unfold(*query.select);
      break;
    case Query::Kind::kValues:
      Text("VALUES ");
      for (size_t i = 0; i < query.rows->size(); ++i) {
        Text(i > 0 ? ", (" : "(");
        ShowRow(*query.rows, i);
        Text(")");
      }
      break;
    case Query::Kind::kSetOperation:
      for (size_t i = 0; i < query.inputs.size(); ++i) ShowInput(query, i);
      break;
  }
  if (!query.order_by.empty()) {
    Text(" ");
    Show(query.order_by);
  }
  if (query.limit != nullptr) {
    Text(" LIMIT ");
    Show(*query.limit, Precedence::kOr);
  }
  if (query.limit_offset != nullptr) {
    Text(" OFFSET ");
    Show(*query.limit_offset, Precedence::kOr);
  }
}

void Printer::ShowRow(const ValuesRows& rows, size_t row) {
  for (size_t i = 0; i < rows.width(row); ++i) {
    if (i > 0) Text(", ");
    if (const Expression* tree = rows.Unpacked(row, i); tree != nullptr) {
      Show(*tree, Precedence::kOr);
      continue;
    }
    const ValuesRows::Literal literal = rows.Packed(row, i);
    switch (literal.kind) {
      case ExpressionKind::kNull: Text("NULL"); break;
      case ExpressionKind::kBoolean: Text(literal.boolean ? "TRUE" : "FALSE"); break;
      case ExpressionKind::kString: Literal(literal.text); break;
      case ExpressionKind::kDefault: Text("DEFAULT"); break;
      default:
        Text(literal.sign);
        Text(literal.text);
    }
  }
}

// An operand of a set operation, in parentheses unless the grammar groups it so by itself.
void Printer::ShowInput(const Query& query, size_t index) {
  const Query& input = *query.inputs[index];
  if (index > 0) {
    switch (query.set_operator) {
      case SetOperator::kUnion:
        Text(query.all ? " UNION ALL " : " UNION ");
        break;
      case SetOperator::kIntersect:
        Text(" INTERSECT ");
        break;
      case SetOperator::kExcept:
        Text(" EXCEPT ");
        break;
    }
  }
  bool bare = !input.with.has_value() && input.order_by.empty() && input.limit == nullptr &&
              input.limit_offset == nullptr;
  if (bare && input.kind == Query::Kind::kSetOperation) {
    const bool intersect = input.set_operator == SetOperator::kIntersect;
    const bool same = input.set_operator == query.set_operator && input.all == query.all;
    bare = query.set_operator != SetOperator::kIntersect && (intersect || (index == 0 && !same));
  }
  if (bare) {
    Show(input);
  } else {
    ShowInParentheses(input);
  }
}

void Printer::ShowItems(const std::vector<SelectItem>& items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) Text(", ");
    Show(*items[i].expression, Precedence::kOr);
    if (!items[i].alias.empty()) {
      Text(" AS ");
      Label(items[i].alias);
    }
  }
}

void Printer::Unfold(const Select& select) {
  Text("SELECT ");
  if (select.top != nullptr) {
    const bool bare = select.top->kind == ExpressionKind::kNumber ||
                      select.top->kind == ExpressionKind::kParameter;
    Text(bare ? "TOP " : "TOP (");
    Show(*select.top, Precedence::kOr);
    Text(bare ? " " : ") ");
  }
  if (select.distinct) Text("DISTINCT ");
  ShowItems(select.items);
  for (const SelectItem& item : select.items) {
    if (item.expression->kind == ExpressionKind::kStar && !item.expression->excluded.empty()) {
      Text(" EXCLUDE ");
      ShowNames(item.expression->excluded);
      break;
    }
  }
  if (!select.into.empty()) {
    Text(select.into_temporary ? " INTO TEMPORARY TABLE " : " INTO TABLE ");
    Show(select.into);
  }
  for (size_t i = 0; i < select.from.size(); ++i) {
    Text(i == 0 ? " FROM " : ", ");
    Show(*select.from[i]);
  }
  const auto clause = [this](std::string_view words, const ExpressionPtr& condition) {
    if (condition == nullptr) return;
    Text(words);
    Show(*condition, Precedence::kOr);
  };
  clause(" WHERE ", select.where);
  clause(" START WITH ", select.start_with);
  clause(" CONNECT BY ", select.connect_by);
  if (!select.group_by.empty()) {
    Text(" GROUP BY ");
    Show(select.group_by);
  }
  clause(" HAVING ", select.having);
  clause(" QUALIFY ", select.qualify);
}

void Printer::Show(const std::vector<GroupingElement>& elements) {
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) Text(", ");
    Show(elements[i]);
  }
}

void Printer::Show(const GroupingElement& element) {
  switch (element.kind) {
    case GroupingElement::Kind::kAll:
      return Text("ALL");
    case GroupingElement::Kind::kExpression: {
      const bool single = element.expressions.size() == 1;
      if (!single) Text("(");
      ShowList(element.expressions);
      if (!single) Text(")");
      return;
    }
    case GroupingElement::Kind::kRollup:
      Text("ROLLUP (");
      break;
    case GroupingElement::Kind::kCube:
      Text("CUBE (");
      break;
    case GroupingElement::Kind::kGroupingSets:
      Text("GROUPING SETS (");
      break;
  }
  Show(element.elements);
  Text(")");
}

void Printer::ShowAlias(const TableRef& table) {
  if (table.alias.empty()) return;
  Text(" AS ");
  Label(table.alias);
  if (!table.column_aliases.empty()) {
    Text(" ");
    ShowNames(table.column_aliases);
  }
}

void Printer::Unfold(const TableRef& table) {
  switch (table.kind) {
    case TableRefKind::kTable:
      Show(table.name);
      break;
    case TableRefKind::kSubquery:
      ShowInParentheses(*table.query);
      break;
    case TableRefKind::kJoin: {
      const bool parentheses = !table.alias.empty();
      if (parentheses) Text("(");
      ShowJoin(table);
      if (parentheses) Text(")");
      break;
    }
    case TableRefKind::kFunction:
      if (table.function->kind == ExpressionKind::kFunction) {
        UnfoldCall(*table.function, /*in_from=*/true);
      } else {
        Show(*table.function, Precedence::kPostfix);
      }
      break;
    case TableRefKind::kPivot:
      ShowPivotInput(table);
      Text(" PIVOT (");
      ShowItems(table.aggregates);
      ShowPivotValues(table);
      break;
    case TableRefKind::kUnpivot:
      if (table.left == nullptr) {
        Text("UNPIVOT ");
        Show(*table.function, Precedence::kPostfix);
        break;
      }
      ShowPivotInput(table);
      Text(table.include_nulls ? " UNPIVOT INCLUDE NULLS (" : " UNPIVOT (");
      Identifier(table.value_name);
      ShowPivotValues(table);
      break;
  }
  ShowAlias(table);
  const bool at = table.kind == TableRefKind::kTable || table.kind == TableRefKind::kFunction ||
                  (table.kind == TableRefKind::kUnpivot && table.left == nullptr);
  if (at && !table.value_name.empty()) {
    Text(" AT ");
    Identifier(table.value_name);
  }
}

void Printer::ShowPivotInput(const TableRef& table) {
  const bool join = table.left->kind == TableRefKind::kJoin && table.left->alias.empty();
  if (join) Text("(");
  Show(*table.left);
  if (join) Text(")");
}

void Printer::ShowPivotValues(const TableRef& table) {
  Text(" FOR ");
  Identifier(table.pivot_column);
  Text(" IN (");
  ShowItems(table.values);
  Text("))");
}

void Printer::ShowJoin(const TableRef& join) {
  Show(*join.left);
  Text(join.natural ? " NATURAL" : "");
  switch (join.join) {
    case JoinKind::kCross:
      Text(" CROSS JOIN ");
      break;
    case JoinKind::kInner:
      Text(" INNER JOIN ");
      break;
    case JoinKind::kLeft:
      Text(" LEFT JOIN ");
      break;
    case JoinKind::kRight:
      Text(" RIGHT JOIN ");
      break;
    case JoinKind::kFull:
      Text(" FULL JOIN ");
      break;
  }
  const bool nested = join.right->kind == TableRefKind::kJoin && join.right->alias.empty();
  if (nested) Text("(");
  Show(*join.right);
  if (nested) Text(")");
  if (join.on != nullptr) {
    Text(" ON ");
    Show(*join.on, Precedence::kOr);
  }
  if (!join.using_columns.empty()) {
    Text(" USING ");
    ShowNames(join.using_columns);
  }
}

}  // namespace

std::string ToSql(const Expression& expression) { return Printer().Print(expression); }

std::string ToSql(const Query& query) { return Printer().Print(query); }

}  // namespace vesto::sql
